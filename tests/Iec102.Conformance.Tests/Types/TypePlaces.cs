namespace Iec102.Conformance.Tests;

/// <summary>Where the data of each type is stored and shown, with the tests that check this.</summary>
internal static class TypePlaces
{
    public static readonly Place Intervals =
        new("`load_profile`", Storage("ReadingsWriterTests", "An_interval_comes_back_as_it_was_read_to_the_last_octet"));
    public static readonly Place Identity =
        new("`meter`", Storage("ReadingsWriterTests", "An_identity_asked_for_in_a_batch_is_what_the_batch_has_stored"));
    public static readonly Place ClockChecks = new("`clock_check`", Storage("ReadingsWriterTests", "Clock_checks_are_kept"));
    public static readonly Place CurrentValues =
        new("`current_value`",
            Storage("ReadingsWriterTests", "Current_values_replace_each_other_and_are_kept_as_history_only_when_asked_for"));
    public static readonly Place Events = new("`event`", Storage("FactTests", "An_event_is_stored_once_however_often_it_is_read"));
    public static readonly Place CurrentTariff =
        new("`tariff`", Storage("FactTests", "Of_the_current_tariff_only_the_last_reading_is_kept"));
    public static readonly Place ClosedTariff = new("`tariff`", Storage("FactTests", "A_closed_tariff_period_stays_and_is_stored_once"));
    public static readonly Place Closings = new("`closing`", Storage("FactTests", "Closings_are_stored_by_their_midnight_and_once"));
    public static readonly Place Configuration =
        new("`meter_configuration`",
            Storage("FactTests", "A_configuration_gets_a_new_row_only_when_it_changes_and_the_time_of_its_reading_is_no_change"));
    public static readonly Place ClockWrites = new("`clock_write`", Storage("FactTests", "Every_attempt_to_set_a_clock_is_kept"));

    public static readonly Place ReadEvents = new(
        "`read events`, `/events`", Server("ReadFactTests", "Events_of_all_records_are_what_happened_in_every_format"),
        Server("FactApiTests", "Events_have_text_record_and_time_and_those_without_a_date_come_too"), EndToEnd);
    public static readonly Place ReadClosings = new(
        "`read closings`, `/closings`", Server("ReadFactTests", "Closings_are_the_registers_at_midnight_in_every_format"),
        Server("FactApiTests", "Closings_have_registers_with_quality_and_say_when_they_are_derived"), EndToEnd);
    public static readonly Place ReadTariff = new(
        "`read tariff`, `/tariff`",
        Server("ReadFactTests", "Tariffs_are_the_running_month_and_three_closed_ones_of_each_contract_in_force"),
        Server("FactApiTests", "Tariffs_come_by_contract_with_the_current_and_the_closed_periods_of_the_range"), EndToEnd);
    public static readonly Place ReadConfiguration = new(
        "`read config`, `/configuration`",
        Server("ReadFactTests", "The_configuration_has_model_firmware_and_periods_and_never_the_modems_string"),
        ApiConfiguration, EndToEnd);
    public static readonly Place ReadParameters =
        new("`read parameters`, `/configuration`", Server("ReadFactTests", "The_parameters_name_the_point_and_never_a_key"),
            ApiConfiguration);
    public static readonly Place ReadPowers =
        new("`read powers`, `/configuration`", Server("ReadFactTests", "Powers_are_those_of_the_contracts_and_a_latent_one_can_be_named"),
            ApiConfiguration);
    public static readonly Place ReadHolidays =
        new("`read holidays`, `/configuration`", Server("ReadFactTests", "Holidays_come_with_the_seasons"), ApiConfiguration);

    public static readonly Place ReadCurrent = new(
        "`read current`, `/current`", Server("ReadValueTests", "The_current_values_are_the_24_signals_in_every_format"),
        Server("ApiTests", "Current_values_come_with_unit_quality_and_times"));
    public static readonly Place ReadProfile = new(
        "`read profile`, `/profiles/{curve}`",
        Server("ReadProfileTests", "Csv_is_what_the_meter_measured_also_on_the_days_of_23_and_25_hours"),
        Server("ApiTests", "A_day_of_the_curve_has_its_intervals_as_json_and_as_csv"));
    public static readonly Place ReadClock = new(
        "`read clock`, `/clock`", Server("ReadValueTests", "The_clock_is_compared_with_ours"),
        Server("FactApiTests", "The_clock_has_its_checks_with_the_drift_between_them_and_every_attempt_to_set_it"));
    public static readonly Place ReadId = new(
        "`read id`, `/`", Server("ReadValueTests", "The_identification_holds_the_serial_number"),
        Server("ApiTests", "A_meter_shows_its_state_serial_number_clock_and_curves"));
    public static readonly Place SetClock = new(
        "`sync-clock`, `/clock`", Server("SyncClockTests", "A_clock_that_is_90_s_fast_is_shown_so_set_and_shown_again"),
        Server("FactApiTests", "The_clock_has_its_checks_with_the_drift_between_them_and_every_attempt_to_set_it"));
    public static readonly Place Login =
        new("state of the meter", Server("ReadValueTests", "A_wrong_key_is_a_refused_login_that_does_not_show_the_key"));

    private static NamedTest ApiConfiguration => Server("FactApiTests", "The_configuration_tells_all_that_the_meter_says_of_itself");

    private static NamedTest EndToEnd => Server("FactTests", "Events_closings_tariff_and_configuration_reach_the_api_and_are_stored_once");

    private static NamedTest Server(string @class, string method) => new("Iec102.Server.Tests", @class, method);

    private static NamedTest Storage(string @class, string method) => new("Iec102.Storage.Tests", @class, method);
}
