namespace Iec102.Contract;

/// <summary>Who calls.</summary>
/// <param name="Name">The name of the key; anonymous where there are none.</param>
/// <param name="Role">What the caller may do: read or operate.</param>
internal sealed record SessionModel(string Name, string Role);

/// <summary>What somebody signs in with.</summary>
/// <param name="Key">The key.</param>
internal sealed record SignInModel(string Key);
