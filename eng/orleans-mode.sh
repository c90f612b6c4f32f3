#!/usr/bin/env bash
# Whether the package feed carries Orleans is decided by a restore: prints present or absent. Only "no such package" means absent; for anything
# else it prints the restore's log to standard error and exits 1: a feed that cannot be reached must not look like a feed without Orleans.
set -uo pipefail
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"

# Below the repository, so that it is restored with the repository's own versions.
probe="${1:-$root/artifacts/orleans-probe}"
log="$probe/restore.log"
mkdir -p "$probe"
cat >"$probe/OrleansProbe.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Orleans.Sdk" />
    <PackageReference Include="Microsoft.Orleans.Server" />
    <PackageReference Include="Microsoft.Orleans.Client" />
    <PackageReference Include="Microsoft.Orleans.TestingHost" />
    <PackageReference Include="Microsoft.Orleans.Serialization.SystemTextJson" />
  </ItemGroup>
</Project>
PROJECT

if OrleansMode=present dotnet restore "$probe/OrleansProbe.csproj" --force >"$log" 2>&1; then
  echo present
  exit 0
fi

# A feed that lacks Orleans may lack what only Orleans needs as well. Anything but a missing package is no answer.
errors="$(grep -oE 'error (NU|MSB|NETSDK)?[0-9]*.*' "$log" | sort -u)"
if grep -qE '^error NU110[12]: .*Microsoft\.Orleans\.' <<<"$errors" && ! grep -qvE '^error NU110[12]: ' <<<"$errors"; then
  echo absent
  exit 0
fi

cat "$log" >&2
exit 1
