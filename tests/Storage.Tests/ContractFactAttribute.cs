namespace OrleansClean.Storage.Tests;

/// <summary>A test of the contract; here it always runs.</summary>
public sealed class ContractFactAttribute : FactAttribute;

/// <summary>A test of the contract; here it always runs.</summary>
public sealed class ContractTheoryAttribute : TheoryAttribute;
