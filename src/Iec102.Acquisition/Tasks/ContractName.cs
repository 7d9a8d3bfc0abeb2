namespace Iec102.Acquisition.Tasks;

/// <summary>What the records of contracts are called (protocol notes 2.3).</summary>
public static class ContractName
{
    /// <summary>Like "contract I" or "latent contract I".</summary>
    public static string Of(byte record) => record switch
    {
        >= 134 and <= 136 => $"contract {new string('I', record - 133)}",
        >= 137 and <= 139 => $"latent contract {new string('I', record - 136)}",
        _ => $"record {record}",
    };
}
