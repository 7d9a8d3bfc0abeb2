using Iec102.Contract;

namespace Iec102.Page.Meters;

/// <summary>
/// Voltage and current of a phase as arrows. Meters tell no angles: the one between voltage and current follows from active and reactive
/// power; those between the voltages are taken to be 120 degrees.
/// </summary>
/// <param name="Phase">1 to 3.</param>
/// <param name="Voltage">V; null when it is not known to be good.</param>
/// <param name="Current">A; likewise.</param>
/// <param name="Shift">By how many degrees the current lags its voltage, -180 to 180; null when the powers do not say.</param>
public sealed record Phasor(int Phase, double? Voltage, double? Current, double? Shift)
{
    /// <summary>The angle of the voltage, degrees counter-clockwise from that of phase 1.</summary>
    public double VoltageAngle => Phase switch { 1 => 0, 2 => -120, _ => 120 };

    /// <summary>The angle of the current; null when it is not known.</summary>
    public double? CurrentAngle => Current > 0 && Shift is { } shift ? VoltageAngle - shift : null;

    /// <summary>The three phases; values that are old or were marked invalid are left out.</summary>
    public static IReadOnlyList<Phasor> Of(IEnumerable<SignalModel> signals)
    {
        var good = signals.Where(signal => signal is { Quality: "good", Value: not null })
            .ToDictionary(signal => signal.Id, signal => signal.Value!.Value, StringComparer.Ordinal);
        return [.. Enumerable.Range(1, 3).Select(phase => new Phasor(
            phase, Value($"voltage.l{phase}"), Value($"current.l{phase}"),
            ShiftOf(Value($"power.active.l{phase}"), Value($"power.reactive.l{phase}"))))];

        double? Value(string id) => good.TryGetValue(id, out var value) ? value : null;
    }

    private static double? ShiftOf(double? active, double? reactive) => (active, reactive) switch
    {
        (null, _) or (_, null) or (0, 0) => null,
        _ => Math.Atan2(reactive.Value, active.Value) * 180 / Math.PI,
    };
}
