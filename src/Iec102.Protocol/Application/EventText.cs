namespace Iec102.Protocol.Application;

/// <summary>The languages of <see cref="EventText"/>.</summary>
public enum EventLanguage
{
    /// <summary>English.</summary>
    English,

    /// <summary>Spanish.</summary>
    Spanish,
}

/// <summary>Event codes in plain text (protocol notes 5). Codes that the notes do not name are shown as numbers.</summary>
public static class EventText
{
    /// <summary>
    /// An event in words, such as "intrusion" or "measuring voltage missing on phase II, begins"; an unknown one is "event 18/99 (SPI 1)".
    /// </summary>
    public static string Of(MeterEvent meterEvent, EventLanguage language) => Of(meterEvent.Spa, meterEvent.Spq, meterEvent.Spi, language);

    /// <summary>An event in words, given by its numbers.</summary>
    public static string Of(byte spa, byte spq, bool spi, EventLanguage language) => language switch
    {
        EventLanguage.English => English(spa, spq, spi ? ", begins" : ", ends") ?? (spa, spq) switch
        {
            (18, 4) => spi ? "GPS link lost" : "GPS link recovered",
            _ => $"event {spa}/{spq} (SPI {(spi ? 1 : 0)})",
        },
        EventLanguage.Spanish => Spanish(spa, spq, spi ? ", comienza" : ", termina") ?? (spa, spq) switch
        {
            (18, 4) => spi ? "enlace GPS perdido" : "enlace GPS recuperado",
            _ => $"evento {spa}/{spq} (SPI {(spi ? 1 : 0)})",
        },
        _ => throw new ArgumentOutOfRangeException(nameof(language)),
    };

    /// <summary>What the events of a record are about (protocol notes 2.3).</summary>
    public static string OfRecord(byte record, EventLanguage language) => (language, record) switch
    {
        (EventLanguage.English, 52) => "start-up and voltage",
        (EventLanguage.English, 53) => "clock",
        (EventLanguage.English, 54) => "parameters",
        (EventLanguage.English, 55) => "internal errors",
        (EventLanguage.English, 128) => "intrusion",
        (EventLanguage.English, 129) => "communications",
        (EventLanguage.English, 130) => "private key",
        (EventLanguage.English, >= 131 and <= 133) => $"contract {Roman(record, 131)}",
        (EventLanguage.English, _) => $"record {record}",
        (_, 52) => "arranques y tensión",
        (_, 53) => "reloj",
        (_, 54) => "parámetros",
        (_, 55) => "errores internos",
        (_, 128) => "intrusión",
        (_, 129) => "comunicaciones",
        (_, 130) => "clave privada",
        (_, >= 131 and <= 133) => $"contrato {Roman(record, 131)}",
        _ => $"registro {record}",
    };

    private static string? English(byte spa, byte spq, string side) => (spa, spq) switch
    {
        (1, 1) => "restart, earlier data lost",
        (1, 2) => "start after a power cut, data and clock kept",
        (3, 0) => $"supply failure inside the period{side}",
        (3, >= 1 and <= 3) => $"measuring voltage missing on phase {Roman(spq, 1)}{side}",
        (7, 2) => "meter out of step with its registrar by a significant time",
        (7, 9) => "clock changed: old time",
        (7, 11) => "clock changed: new time",
        (7, >= 21 and <= 23) => $"billing closed by command, contract {Roman(spq, 21)}",
        (15, 0) => "parameters changed",
        (15, 1) => "setting of a communication port changed by command",
        (15, >= 21 and <= 23) => $"parameters of contract {Roman(spq, 21)} changed",
        (15, >= 24 and <= 26) => $"contracted power (active or latent) of contract {Roman(spq, 24)} changed by command",
        (15, >= 27 and <= 29) => $"holiday table of contract {Roman(spq, 27)} changed by command",
        (16, 0) => "private signing key changed",
        (18, 1) => "intrusion",
        (18, 2) => $"communication with a concentrator{side}",
        (18, 3) => $"communication with the portable reading terminal{side}",
        (18, >= 21 and <= 23) => $"communication for contract {Roman(spq, 21)}",
        (19, >= 1) => $"internal error {spq}",
        _ => null,
    };

    private static string? Spanish(byte spa, byte spq, string side) => (spa, spq) switch
    {
        (1, 1) => "rearranque con pérdida de los datos anteriores",
        (1, 2) => "arranque tras un corte de alimentación, datos y reloj conservados",
        (3, 0) => $"fallo de alimentación dentro del periodo{side}",
        (3, >= 1 and <= 3) => $"falta de tensión de medida en la fase {Roman(spq, 1)}{side}",
        (7, 2) => "desfase horario significativo entre el contador y su registrador",
        (7, 9) => "cambio de hora: hora anterior",
        (7, 11) => "cambio de hora: hora nueva",
        (7, >= 21 and <= 23) => $"cierre de facturación por orden, contrato {Roman(spq, 21)}",
        (15, 0) => "cambio de parámetros",
        (15, 1) => "cambio por orden de un parámetro de un puerto de comunicaciones",
        (15, >= 21 and <= 23) => $"cambio de parámetros del contrato {Roman(spq, 21)}",
        (15, >= 24 and <= 26) => $"cambio por orden de la potencia contratada (activa o latente) del contrato {Roman(spq, 24)}",
        (15, >= 27 and <= 29) => $"cambio por orden de la tabla de festivos del contrato {Roman(spq, 27)}",
        (16, 0) => "cambio de la clave privada de firma",
        (18, 1) => "intrusión",
        (18, 2) => $"comunicación con un concentrador{side}",
        (18, 3) => $"comunicación con el terminal portátil de lectura{side}",
        (18, >= 21 and <= 23) => $"comunicación para el contrato {Roman(spq, 21)}",
        (19, >= 1) => $"error interno {spq}",
        _ => null,
    };

    /// <summary>Numbers phases and contracts with Roman numerals; <paramref name="first"/> is the code of number I.</summary>
    private static string Roman(byte number, int first) => new('I', number - first + 1);
}
