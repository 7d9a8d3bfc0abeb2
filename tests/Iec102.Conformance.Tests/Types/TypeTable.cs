namespace Iec102.Conformance.Tests;

/// <summary>
/// The register of types in the protocol notes 4.1, with the extent to which each type is supported. <see cref="TypePlaces"/> adds tables
/// and tests.
/// </summary>
internal static class TypeTable
{
    public static IReadOnlyList<TypeRow> Rows { get; } =
    [
        new(1, 1, "M_SP_TA_2", "events with time")
        {
            Master = ["AM-031", "AM-033", "AM-034"], Slave = ["AS-040", "AS-041", "AS-042"],
            Stored = TypePlaces.Events, Shown = TypePlaces.ReadEvents,
        },
        new(2, 7, "base totals", "not used by REE"),
        new(8, 8, "M_IT_TG_2", "integrated totals, absolute readings")
        {
            Master = ["AM-022"], Slave = ["AS-022", "AS-023"], Stored = TypePlaces.Closings, Shown = TypePlaces.ReadClosings,
        },
        new(9, 10, "base totals", "not used by REE"),
        new(11, 11, "M_IT_TK_2", "integrated totals, increments")
        {
            Master = ["AM-020", "AM-025", "AM-026", "AM-028"], Slave = ["AS-020", "AS-025"],
            Stored = TypePlaces.Intervals, Shown = TypePlaces.ReadProfile,
        },
        new(12, 13, "base totals", "not used by REE"),
        new(14, 69, "-", "not used by REE"),
        new(70, 70, "M_EI_NA_2", "end of initialisation"),
        new(71, 71, "P_MP_NA_2", "manufacturer and device id")
        {
            Master = ["AM-001"], Slave = ["AS-001"], Stored = TypePlaces.Identity, Shown = TypePlaces.ReadId,
        },
        new(72, 72, "M_TI_TA_2", "current date and time")
        {
            Master = ["AM-002", "AM-003"], Slave = ["AS-003"], Stored = TypePlaces.ClockChecks, Shown = TypePlaces.ReadClock,
        },
        new(73, 99, "-", "not used by REE"),
        new(100, 100, "C_RD_NA_2", "read device id") { Master = ["AM-001"], Slave = ["AS-001", "AS-002"], Shown = TypePlaces.ReadId },
        new(101, 101, "C_SP_NA_2", "read the events of a record") { Master = ["AM-034"], Slave = ["AS-042"] },
        new(102, 102, "C_SP_NB_2", "read events in a range")
        {
            Master = ["AM-031", "AM-032"], Slave = ["AS-040", "AS-041", "AS-043"], Shown = TypePlaces.ReadEvents,
        },
        new(103, 103, "C_TI_NA_2", "read clock") { Master = ["AM-002"], Slave = ["AS-003"], Shown = TypePlaces.ReadClock },
        new(104, 121, "base reads of totals", "not used by REE"),
        new(122, 122, "C_CI_NT_2", "read absolute totals")
        {
            Master = ["AM-022"], Slave = ["AS-022", "AS-023"], Shown = TypePlaces.ReadClosings,
        },
        new(123, 123, "C_CI_NU_2", "read increments")
        {
            Master = ["AM-020", "AM-025", "AM-027", "AM-028"], Slave = ["AS-020", "AS-025", "AS-026", "AS-027", "AS-028"],
            Shown = TypePlaces.ReadProfile,
        },
        new(124, 127, "-", "not used by REE"),
        new(128, 128, "M_DS_TA_2", "digital signature of readings"),
        new(129, 129, "P_ME_NA_2", "measurement point parameters")
        {
            Master = ["AM-048"], Slave = ["AS-050"], Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadParameters,
        },
        new(130, 130, "M_DS_TB_2", "digital signature of increments"),
        new(131, 131, "M_CH_TA_2", "dates of the clock changes")
        {
            Master = ["AM-049", "AM-050"], Slave = ["AS-051"], Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadConfiguration,
        },
        new(132, 132, "C_PK_2", "load the private signing key"),
        new(133, 133, "C_TA_VC_2", "read current tariff information")
        {
            Master = ["AM-040"], Slave = ["AS-045"], Shown = TypePlaces.ReadTariff,
        },
        new(134, 134, "C_TA_VM_2", "read stored tariff information")
        {
            Master = ["AM-041", "AM-042", "AM-043"], Slave = ["AS-044"], Shown = TypePlaces.ReadTariff,
        },
        new(135, 135, "M_TA_VC_2", "current tariff information")
        {
            Master = ["AM-040"], Slave = ["AS-045"], Stored = TypePlaces.CurrentTariff, Shown = TypePlaces.ReadTariff,
        },
        new(136, 136, "M_TA_VM_2", "stored tariff information")
        {
            Master = ["AM-041", "AM-042", "AM-043"], Slave = ["AS-044"], Stored = TypePlaces.ClosedTariff, Shown = TypePlaces.ReadTariff,
        },
        new(137, 137, "C_TA_CP_2", "close the billing period"),
        new(138, 138, "-", "reserved"),
        new(139, 139, "M_IB_TG_2", "absolute totals in blocks") { Master = ["AM-023"], Slave = ["AS-024"] },
        new(140, 140, "M_IB_TK_2", "increments in blocks")
        {
            Master = ["AM-021", "AM-024", "CM-01", "CM-02"], Slave = ["AS-021", "CS-01", "CS-02"],
            Stored = TypePlaces.Intervals, Shown = TypePlaces.ReadProfile,
        },
        new(141, 141, "C_RM_NA_2", "read registrar configuration")
        {
            Master = ["AM-044"], Slave = ["AS-046", "AS-047"], Shown = TypePlaces.ReadConfiguration,
        },
        new(142, 142, "M_RM_NA_2", "registrar configuration")
        {
            Master = ["AM-044"], Slave = ["AS-046", "AS-047"], Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadConfiguration,
        },
        new(143, 143, "C_MR_NA_2", "change communication port settings"),
        new(144, 144, "C_PC_NA_2", "read contracted powers")
        {
            Master = ["AM-051", "AM-052"], Slave = ["AS-052"], Shown = TypePlaces.ReadPowers,
        },
        new(145, 145, "M_PC_NA_2", "contracted powers")
        {
            Master = ["AM-051", "AM-052"], Slave = ["AS-052"], Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadPowers,
        },
        new(146, 146, "C_MC_NA_2", "change contracted powers"),
        new(147, 147, "C_DF_NA_2", "read holidays") { Master = ["AM-053"], Slave = ["AS-053"], Shown = TypePlaces.ReadHolidays },
        new(148, 148, "M_DF_NA_2", "holidays")
        {
            Master = ["AM-053"], Slave = ["AS-053"], Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadHolidays,
        },
        new(149, 149, "C_MF_NA_2", "change holidays"),
        new(150, 150, "P_TA_IN_2", "read contract objects")
        {
            Master = ["AM-054", "AM-055", "AM-056"], Slave = ["AS-054", "AS-055", "AS-071"], Shown = TypePlaces.ReadHolidays,
        },
        new(151, 151, "R_TA_IN_2", "contract objects; 193 and 197 decoded, others octets")
        {
            Master = ["AM-054", "AM-055", "AM-056"], Slave = ["AS-054", "AS-055"],
            Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadHolidays,
        },
        new(152, 155, "-", "reserved or unknown"),
        new(156, 156, "P_RM_R2_2", "read further configuration")
        {
            Master = ["AM-045", "AM-046", "AM-047"], Slave = ["AS-048", "AS-049"], Shown = TypePlaces.ReadConfiguration,
        },
        new(157, 157, "R_RM_R2_2", "further configuration; 192 to 201 decoded, others octets")
        {
            Master = ["AM-045", "AM-046", "AM-047"], Slave = ["AS-048", "AS-049"],
            Stored = TypePlaces.Configuration, Shown = TypePlaces.ReadConfiguration,
        },
        new(158, 161, "-", "reserved or unknown"),
        new(162, 162, "P_IN_VA_2", "read instantaneous values")
        {
            Master = ["AM-004", "AM-005", "AM-006"], Slave = ["AS-004", "AS-005"], Shown = TypePlaces.ReadCurrent,
        },
        new(163, 163, "R_IN_VA_2", "instantaneous values")
        {
            Master = ["AM-004", "AM-005", "AM-006"], Slave = ["AS-004", "AS-005"],
            Stored = TypePlaces.CurrentValues, Shown = TypePlaces.ReadCurrent,
        },
        new(164, 179, "-", "reserved or unknown"),
        new(180, 180, "C_DS_TA_2", "read signature of readings"),
        new(181, 181, "C_CS_TA_2", "set clock")
        {
            Master = ["AM-012", "AM-013", "AM-014"], Slave = ["AS-006", "AS-067"],
            Stored = TypePlaces.ClockWrites, Shown = TypePlaces.SetClock,
        },
        new(182, 182, "C_PI_NA_2", "read measurement point parameters")
        {
            Master = ["AM-048"], Slave = ["AS-050"], Shown = TypePlaces.ReadParameters,
        },
        new(183, 183, "C_AC_NA_2", "login") { Master = ["AM-010", "AM-081"], Slave = ["AS-066"], Shown = TypePlaces.Login },
        new(184, 184, "C_DS_TB_2", "read signature of increments"),
        new(185, 185, "C_CH_TA_2", "read dates of the clock changes")
        {
            Master = ["AM-049", "AM-050"], Slave = ["AS-051"], Shown = TypePlaces.ReadConfiguration,
        },
        new(186, 186, "C_MH_TA_2", "change dates of the clock changes"),
        new(187, 187, "C_FS_NA_2", "end of the session") { Master = ["AM-011"], Slave = ["AS-007"] },
        new(188, 188, "-", "reserved"),
        new(189, 189, "C_CB_NT_2", "read absolute totals in blocks") { Master = ["AM-023"], Slave = ["AS-024"] },
        new(190, 190, "C_CB_NU_2", "read increments in blocks")
        {
            Master = ["AM-021", "AM-024", "CM-01", "CM-02"], Slave = ["AS-021", "CS-01", "CS-02"], Shown = TypePlaces.ReadProfile,
        },
        new(191, 199, "-", "reserved"),
        new(200, 255, "-", "manufacturer"),
    ];
}
