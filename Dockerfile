# One file, four images: --target silo, client, azurite (the emulator, for trying a cluster on one machine), cli.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source
COPY . .
# Whoever builds this needs Orleans' packages.
ENV OrleansMode=present
RUN dotnet publish src/Silo --configuration Release --output /app/silo \
 && dotnet publish src/Client --configuration Release --output /app/client \
 && dotnet publish src/Cli --configuration Release --output /app/cli

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
# The products run with invariant globalization; nothing but a folder to write to is added.
RUN mkdir /work && chown "$APP_UID" /work
WORKDIR /work
USER $APP_UID

FROM runtime AS silo
COPY --from=build /app/silo /app
# 11111 is for silos, 30000 for clients, 8080 for /health, /ready and /work.
EXPOSE 11111 30000 8080
ENTRYPOINT ["dotnet", "/app/OrleansClean.Silo.dll"]

FROM runtime AS client
COPY --from=build /app/client /app
ENTRYPOINT ["dotnet", "/app/OrleansClean.Client.dll"]

FROM runtime AS cli
COPY --from=build /app/cli /app
ENTRYPOINT ["dotnet", "/app/OrleansClean.Cli.dll"]

FROM node:22-slim AS azurite
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund && mkdir /blobs && chown node /blobs
USER node
ENTRYPOINT ["node", "/app/node_modules/azurite/dist/src/blob/main.js"]
