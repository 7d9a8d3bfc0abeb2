namespace Iec102.Protocol.Application;

/// <summary>Type identifications of the REE profile, by the standard's numbers and names (protocol notes 4.1).</summary>
public enum TypeIdentification : byte
{
    /// <summary>1, M_SP_TA_2: events with time.</summary>
    Events = 1,

    /// <summary>8, M_IT_TG_2: integrated totals, absolute readings.</summary>
    IntegratedTotals = 8,

    /// <summary>11, M_IT_TK_2: integrated totals, increments of the interval.</summary>
    IncrementalTotals = 11,

    /// <summary>70, M_EI_NA_2: end of initialisation.</summary>
    EndOfInitialisation = 70,

    /// <summary>71, P_MP_NA_2: manufacturer and device identification.</summary>
    DeviceIdentification = 71,

    /// <summary>72, M_TI_TA_2: current date and time.</summary>
    CurrentTime = 72,

    /// <summary>100, C_RD_NA_2: read the device identification.</summary>
    ReadDeviceIdentification = 100,

    /// <summary>101, C_SP_NA_2: read events of one record.</summary>
    ReadEvents = 101,

    /// <summary>102, C_SP_NB_2: read events of one record in a time range.</summary>
    ReadEventsInRange = 102,

    /// <summary>103, C_TI_NA_2: read the current date and time.</summary>
    ReadCurrentTime = 103,

    /// <summary>122, C_CI_NT_2: read absolute totals by object and time range.</summary>
    ReadIntegratedTotals = 122,

    /// <summary>123, C_CI_NU_2: read increments by object and time range.</summary>
    ReadIncrementalTotals = 123,

    /// <summary>128, M_DS_TA_2: digital signature of readings.</summary>
    SignatureOfTotals = 128,

    /// <summary>129, P_ME_NA_2: parameters of the measurement point.</summary>
    PointParameters = 129,

    /// <summary>130, M_DS_TB_2: digital signature of increments.</summary>
    SignatureOfIncrements = 130,

    /// <summary>131, M_CH_TA_2: dates of the official clock changes.</summary>
    ClockChangeDates = 131,

    /// <summary>132, C_PK_2: load the private signing key.</summary>
    LoadPrivateKey = 132,

    /// <summary>133, C_TA_VC_2: read the current tariff information.</summary>
    ReadCurrentTariff = 133,

    /// <summary>134, C_TA_VM_2: read the stored tariff information.</summary>
    ReadStoredTariff = 134,

    /// <summary>135, M_TA_VC_2: current tariff information.</summary>
    CurrentTariff = 135,

    /// <summary>136, M_TA_VM_2: stored tariff information.</summary>
    StoredTariff = 136,

    /// <summary>137, C_TA_CP_2: close the billing period.</summary>
    CloseBillingPeriod = 137,

    /// <summary>139, M_IB_TG_2: absolute totals in blocks.</summary>
    IntegratedTotalBlocks = 139,

    /// <summary>140, M_IB_TK_2: increments in blocks.</summary>
    IncrementalTotalBlocks = 140,

    /// <summary>141, C_RM_NA_2: read the registrar's configuration.</summary>
    ReadConfiguration = 141,

    /// <summary>142, M_RM_NA_2: the registrar's configuration.</summary>
    Configuration = 142,

    /// <summary>143, C_MR_NA_2: change the communication ports' settings.</summary>
    ChangePortSettings = 143,

    /// <summary>144, C_PC_NA_2: read the contracted powers.</summary>
    ReadContractedPowers = 144,

    /// <summary>145, M_PC_NA_2: contracted powers.</summary>
    ContractedPowers = 145,

    /// <summary>146, C_MC_NA_2: change the contracted powers.</summary>
    ChangeContractedPowers = 146,

    /// <summary>147, C_DF_NA_2: read the holidays.</summary>
    ReadHolidays = 147,

    /// <summary>148, M_DF_NA_2: holidays.</summary>
    Holidays = 148,

    /// <summary>149, C_MF_NA_2: change the holidays.</summary>
    ChangeHolidays = 149,

    /// <summary>150, extension: read contract and tariff objects.</summary>
    ReadContractObjects = 150,

    /// <summary>151, extension: contract and tariff objects.</summary>
    ContractObjects = 151,

    /// <summary>156, extension: read further configuration objects.</summary>
    ReadFurtherConfiguration = 156,

    /// <summary>157, extension: further configuration objects.</summary>
    FurtherConfiguration = 157,

    /// <summary>162, extension: read instantaneous values.</summary>
    ReadInstantaneousValues = 162,

    /// <summary>163, extension: instantaneous values.</summary>
    InstantaneousValues = 163,

    /// <summary>180, C_DS_TA_2: read the signature of readings.</summary>
    ReadSignatureOfTotals = 180,

    /// <summary>181, C_CS_TA_2: set the clock.</summary>
    SetClock = 181,

    /// <summary>182, C_PI_NA_2: read the parameters of the measurement point.</summary>
    ReadPointParameters = 182,

    /// <summary>183, C_AC_NA_2: begin a session with the access key.</summary>
    Login = 183,

    /// <summary>184, C_DS_TB_2: read the signature of increments.</summary>
    ReadSignatureOfIncrements = 184,

    /// <summary>185, C_CH_TA_2: read the dates of the official clock changes.</summary>
    ReadClockChangeDates = 185,

    /// <summary>186, C_MH_TA_2: change the dates of the official clock changes.</summary>
    ChangeClockChangeDates = 186,

    /// <summary>187, C_FS_NA_2: end the session.</summary>
    EndSession = 187,

    /// <summary>189, C_CB_NT_2: read absolute totals in blocks.</summary>
    ReadIntegratedTotalBlocks = 189,

    /// <summary>190, C_CB_NU_2: read increments in blocks.</summary>
    ReadIncrementalTotalBlocks = 190,
}
