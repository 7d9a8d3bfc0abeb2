namespace Iec102.Contract;

// Curves are written by Iec102.Storage.Exports.ProfileJson; the first two describe what it writes.

/// <summary>An interval of a curve; a value is null when it was not delivered.</summary>
public sealed record IntervalModel(
    string End, int PeriodMinutes, uint? APlus, uint? AMinus, uint? R1, uint? R2, uint? R3, uint? R4, uint? Res1, uint? Res2,
    IReadOnlyList<int?> Quality, int Revision);

/// <summary>A curve of a meter.</summary>
public sealed record CurveModel(
    string Meter, string Curve, IReadOnlyDictionary<string, string> Units, IReadOnlyList<IntervalModel> Intervals);

/// <summary>How many intervals of a curve will be read again.</summary>
public sealed record RereadModel(string Meter, string Curve, int Intervals);

/// <summary>An operator's action that will be carried out.</summary>
public sealed record AcceptedModel(string Meter, bool Accepted);
