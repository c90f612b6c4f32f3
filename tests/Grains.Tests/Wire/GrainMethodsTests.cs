using System.Reflection;
using Orleans;
using OrleansClean.Grains.Wire;

namespace OrleansClean.Grains.Tests.Wire;

/// <summary>What grains say to each other is held by reflection, with Orleans present or absent.</summary>
public sealed class GrainMethodsTests
{
    private static readonly Type[] Interfaces =
        [.. typeof(IBatchGrain).Assembly.GetTypes().Where(type => type.IsInterface && type.GetInterfaces().Any(parent => parent.Name == nameof(IGrain)))];

    public static TheoryData<string> Methods => new(Interfaces.SelectMany(type => type.GetMethods().Select(method => $"{type.FullName}.{method.Name}")));

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_grain_s_method_takes_and_returns_sealed_records_that_the_wire_carries(string name)
    {
        var method = Interfaces.SelectMany(type => type.GetMethods()).Single(method => $"{method.DeclaringType!.FullName}.{method.Name}" == name);

        Assert.True(method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(Task<>), $"{name} returns {method.ReturnType}.");
        Assert.All(method.GetParameters().Select(parameter => parameter.ParameterType).Append(method.ReturnType.GetGenericArguments()[0]), type =>
        {
            Assert.True(IsSealedRecord(type), $"{type} in {name} is no sealed record.");
            Assert.True(WireTypes.Carries(type), $"{type} in {name} has no name on the wire.");
        });
    }

    [Fact]
    public void There_are_grains_to_look_at() => Assert.Equal([nameof(IBatchGrain), nameof(ICleaningGrain)], Interfaces.Select(type => type.Name).Order());

    [Fact]
    public void No_record_of_the_wire_knows_Orleans() =>
        Assert.All(WireTypes.ByName.Values, type => Assert.DoesNotContain(type.GetCustomAttributesData(), a => a.AttributeType.Namespace!.StartsWith("Orleans.", StringComparison.Ordinal)));

    private static bool IsSealedRecord(Type type) =>
        type.IsSealed && type.GetMethod("<Clone>$", BindingFlags.Public | BindingFlags.Instance) is not null;
}
