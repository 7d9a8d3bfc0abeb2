using Iec102.Acquisition.Profiles;
using Iec102.Protocol.Application;

namespace Iec102.Acquisition.Tasks;

/// <summary>
/// What follows from how a meter is set up, types 142, 157 and 129 (protocol notes 4.8 and 4.9); 142 takes precedence where two cover the
/// same.
/// </summary>
/// <param name="Registrar">The configuration of the registrar, if the meter gives it.</param>
/// <param name="Further">Its further configuration, if the meter gives it.</param>
/// <param name="Point">The parameters of its measurement point, if the meter gives them.</param>
internal sealed record MeterSetUp(
    RegistrarConfiguration? Registrar = null, FurtherConfiguration? Further = null, PointParameters? Point = null)
{
    /// <summary>Something is known.</summary>
    public bool IsKnown => Registrar is not null || Further is not null;

    /// <summary>Model and firmware, such as "KA 77".</summary>
    public string? Firmware => Registrar is { } registrar ? $"{registrar.Model} {registrar.Firmware}" : null;

    /// <summary>The periods of the curves.</summary>
    public CurvePeriods? Periods => Registrar is { Period1Minutes: > 0 } or { Period2Minutes: > 0 }
        ? new CurvePeriods(Registrar.Period1Minutes, Registrar.Period2Minutes)
        : Further?.CurvePeriods;

    /// <summary>How far back the meter keeps a curve; null when it does not say.</summary>
    public KeptCurve? Kept => Point is { Depth: > 0 } point ? new KeptCurve(point.IntegrationPeriodMinutes, point.Depth) : null;

    /// <summary>The ratios of the measuring transformers.</summary>
    public TransformerRatios? Ratios => Registrar is { Ratios: { SecondaryVoltageTenths: > 0 } or { SecondaryCurrentTenths: > 0 } }
        ? Registrar.Ratios
        : Further?.Ratios;

    /// <summary>Whether the meter has the contract of a record, 134 to 136; contract I is the one that every meter has.</summary>
    public bool Has(byte contract) => Registrar is { } registrar
        ? StateOf(registrar, contract) is ContractState.Inactive or ContractState.Active
        : contract == RecordAddress.Contract1;

    /// <summary>What follows from the answers of a meter.</summary>
    public static MeterSetUp Of(IEnumerable<ConfigurationRead> answers) =>
        answers.Aggregate(new MeterSetUp(), (known, answer) => known.With(answer));

    /// <summary>This with one more answer; an answer about something else changes nothing.</summary>
    public MeterSetUp With(ConfigurationRead answer)
    {
        if (!Asdu.TryRead(answer.Asdu, out var asdu))
            return this;
        if (RegistrarConfiguration.TryRead(asdu, out var registrar))
            return this with { Registrar = registrar };
        if (PointParameters.TryRead(asdu, out var point))
            return this with { Point = point };
        return FurtherConfiguration.TryRead(asdu, out var further) ? this with { Further = further } : this;
    }

    private static ContractState StateOf(RegistrarConfiguration registrar, byte contract) => (contract - RecordAddress.Contract1) switch
    {
        0 => registrar.Contract1,
        1 => registrar.Contract2,
        _ => registrar.Contract3,
    };
}
