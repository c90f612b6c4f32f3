using OrleansClean.Storage.AzureBlobs.Tests;

namespace OrleansClean.Storage.Tests;

/// <summary>A test of the contract; here it needs Azurite.</summary>
public sealed class ContractFactAttribute : FactAttribute
{
    public ContractFactAttribute() => Skip = Azurite.WhyNot;
}

/// <summary>A test of the contract; here it needs Azurite.</summary>
public sealed class ContractTheoryAttribute : TheoryAttribute
{
    public ContractTheoryAttribute() => Skip = Azurite.WhyNot;
}
