using Orleans.Serialization;
using Orleans.Serialization.Configuration;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Wire;

/// <summary>Registers what travels. Silo and client compile this one file.</summary>
internal static class WireRegistration
{
    public static IServiceCollection AddWire(this IServiceCollection services) => services.AddSerializer(serializer =>
    {
        serializer.AddJsonSerializer(WireTypes.Carries, WireTypes.Json);
        serializer.Services.Configure<TypeManifestOptions>(manifest =>
        {
            foreach (var (name, type) in WireTypes.ByName)
            {
                manifest.WellKnownTypeAliases[name] = type;
            }
        });
    });
}
