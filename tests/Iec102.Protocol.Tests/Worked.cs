using Iec102.Testing;

namespace Iec102.Protocol.Tests;

/// <summary>The frames of the protocol notes' worked examples, grouped by section.</summary>
internal static class Worked
{
    // 1.5
    public const string RequestLinkStatus = "10 49 01 00 4a 16";
    public const string LinkStatus = "10 0b 01 00 0c 16";
    public const string ResetRemoteLink = "10 40 01 00 41 16";
    public const string Ack = "10 00 01 00 01 16";
    public const string Poll0 = "10 5b 01 00 5c 16";
    public const string Poll1 = "10 7b 01 00 7c 16";
    public const string NoData = "10 09 01 00 0a 16";
    public const string Nack = "10 01 01 00 02 16";
    public const string AckBufferFull = "10 10 01 00 11 16";

    // 1.7 and 4.4
    public const string Login = "68 0d 0d 68 73 01 00 b7 01 06 01 00 00 01 00 00 00 34 16";
    public const string LoggedIn = "68 0d 0d 68 08 01 00 b7 01 07 01 00 00 01 00 00 00 ca 16";
    public const string ReadClock = "68 09 09 68 73 01 00 67 00 05 01 00 00 e1 16";
    public const string Clock = "68 10 10 68 08 01 00 48 01 05 01 00 00 fa 78 0f 0a 7b 03 18 79 16";
    public const string ReadIncrements = "68 15 15 68 73 01 00 7b 01 06 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 aa 16";
    public const string IncrementsConfirmed = "68 15 15 68 08 01 00 7b 01 07 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 40 16";
    public const string Hour1 =
        "68 3e 3e 68 08 01 00 0b 08 05 01 00 0b 01 d2 04 00 00 00 02 00 00 00 00 00 03 38 00 00 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 07 00 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 81 2f 07 18 35 16";
    public const string Hour2 =
        "68 3e 3e 68 08 01 00 0b 08 05 01 00 0b 01 9c 04 00 00 00 02 00 00 00 00 00 03 33 00 00 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 09 00 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 82 2f 07 18 fd 16";
    public const string IncrementsEnded = "68 15 15 68 08 01 00 7b 01 0a 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 43 16";
    public const string IncrementsRefused = "68 15 15 68 08 01 00 7b 01 12 01 00 0b 01 08 01 80 2f 07 18 00 82 2f 07 18 4b 16";
    public const string EndSession = "68 09 09 68 53 01 00 bb 00 06 01 00 00 16 16";
    public const string SessionEnded = "68 09 09 68 08 01 00 bb 00 07 01 00 00 cc 16";
    public const string ReadBlocks = "68 14 14 68 73 01 00 be 01 06 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 ee 16";
    public const string BlocksConfirmed = "68 14 14 68 08 01 00 be 01 07 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 84 16";
    public const string Blocks =
        "68 51 51 68 08 01 00 8c 02 05 01 00 0b "
        + "0a d2 04 00 00 00 00 00 00 00 00 38 00 00 00 00 00 00 00 00 00 00 00 00 00 00 07 00 00 00 00 00 81 2f 07 18 "
        + "0a 9c 04 00 00 00 00 00 00 00 00 33 00 00 00 00 00 00 00 00 00 00 00 00 00 00 09 00 00 00 00 00 82 2f 07 18 4c 16";
    public const string BlocksEnded = "68 14 14 68 08 01 00 be 01 0a 01 00 0b 0a 01 80 2f 07 18 00 82 2f 07 18 87 16";
    public const string DailyClosing =
        "68 3e 3e 68 08 01 00 08 08 05 01 00 15 01 4e 61 bc 00 00 02 00 00 00 00 00 03 47 94 03 00 00 04 00 00 00 00 00 05 00 00 00 00 00 "
        + "06 80 0d 00 00 00 07 00 00 00 00 80 08 00 00 00 00 80 00 80 2f 07 18 fc 16";

    // 4.3
    public const string LoginRefused = "68 0d 0d 68 08 01 00 b7 01 47 01 00 00 01 00 00 00 0a 16";
    public const string SetClock = "68 10 10 68 73 01 00 b5 01 06 01 00 00 fa 78 0f 0a 7b 03 18 52 16";
    public const string ClockSet = "68 10 10 68 08 01 00 b5 01 07 01 00 00 fa 78 0f 0a 7b 03 18 e8 16";
    public const string ReadIdentification = "68 09 09 68 73 01 00 64 00 05 01 00 00 de 16";
    public const string Identification = "68 0f 0f 68 08 01 00 47 01 05 01 00 00 24 42 4e 61 bc 00 28 16";

    // 4.5
    public const string ReadEvents = "68 13 13 68 73 01 00 66 00 06 01 00 34 00 80 21 07 18 00 80 81 08 18 f6 16";
    public const string Events = "68 1b 1b 68 08 01 00 01 02 05 01 00 34 01 04 f4 31 1e 88 2f 07 18 03 05 28 1c 05 8d d4 07 18 35 16";
    public const string EventsConfirmed = "68 13 13 68 08 01 00 66 00 07 01 00 34 00 80 21 07 18 00 80 81 08 18 8c 16";
    public const string EventsEnded = "68 13 13 68 08 01 00 66 00 0a 01 00 34 00 80 21 07 18 00 80 81 08 18 8f 16";

    // 4.6
    public const string ReadInstantaneous = "68 0c 0c 68 73 01 00 a2 03 05 01 00 00 c0 c1 c2 62 16";
    public const string ReadInstantaneousTotals = "68 0a 0a 68 73 01 00 a2 01 05 01 00 00 c0 dd 16";
    public const string Instantaneous =
        "68 68 68 68 08 01 00 a3 03 05 01 00 00 "
        + "c0 62 e7 03 00 00 00 00 00 99 b1 00 00 00 00 00 00 00 00 00 00 06 0b 00 00 0f 8a 2f 07 18 "
        + "c1 78 00 00 28 00 00 b5 03 29 00 00 0d 00 00 b9 03 28 00 00 0e 00 00 b0 03 27 00 00 0d 00 00 b5 03 0f 8a 2f 07 18 "
        + "c2 19 00 00 06 09 00 00 18 00 00 01 09 00 00 17 00 00 11 09 00 00 0f 8a 2f 07 18 ee 16";

    // 4.7, 4.9 and 4.10
    public const string ReadCurrentTariff = "68 09 09 68 73 01 00 85 00 06 01 00 86 86 16";
    public const string CurrentTariffConfirmed = "68 09 09 68 08 01 00 85 00 07 01 00 86 1c 16";
    public const string ReadStoredTariff = "68 13 13 68 73 01 00 86 01 06 01 00 86 00 80 21 07 18 00 80 81 08 18 69 16";
    public const string StoredTariffConfirmed = "68 13 13 68 08 01 00 86 01 07 01 00 86 00 80 21 07 18 00 80 81 08 18 ff 16";
    public const string StoredTariffEnded = "68 13 13 68 08 01 00 86 01 0a 01 00 86 00 80 21 07 18 00 80 81 08 18 02 16";
    public const string StoredTariff =
        "68 48 48 68 08 01 00 88 01 05 01 00 86 "
        + "14 a0 86 01 00 88 13 00 00 00 20 4e 00 00 20 03 00 00 00 2c 01 00 00 0c 00 00 00 00 00 00 00 00 80 00 00 00 00 80 "
        + "54 00 00 00 00 8c 92 07 18 00 00 00 00 00 00 00 80 21 07 18 00 80 81 08 18 30 16";
    public const string ReadFurtherConfiguration = "68 0b 0b 68 73 01 00 9c 02 05 01 00 00 c3 c4 9f 16";
    public const string ReadContractObject = "68 0a 0a 68 73 01 00 96 01 05 01 00 86 c5 5c 16";

    /// <summary>All frames of the worked examples.</summary>
    public static readonly IReadOnlyList<byte[]> All = typeof(Worked).GetFields().Where(field => field.IsLiteral)
        .Select(field => Octets.Of((string)field.GetRawConstantValue()!)).ToArray();
}
