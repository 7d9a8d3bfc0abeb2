using Iec102.Acquisition.Meters;
using Iec102.Acquisition.Ports;
using Iec102.Fleet;
using NodaTime;

namespace Iec102.Acquisition.Verdicts;

/// <summary>What to do about each cause, in English and in Spanish.</summary>
internal static class Advices
{
    public static Advice LineDown(PortStatus port) => port.IsDialled
        ? new Advice(
            "Check what the error names: the modem of the server and its line or SIM, the number, or the modem at the meter.",
            "Revise lo que nombra el error: el módem del servidor y su línea o SIM, el número o el módem del contador.")
        : port.Kind == "tcp"
        ? new Advice(
            $"Check the converter at {port.Address}: its power, its network, and that no other program holds its connection.",
            $"Revise el conversor en {port.Address}: su alimentación, su red y que ningún otro programa ocupe su conexión.")
        : new Advice(
            $"Check that the device {port.Address} is plugged in, that the server's user may open it, and that no other program uses it.",
            $"Revise que el dispositivo {port.Address} esté conectado, que el usuario del servidor pueda abrirlo y que ningún otro "
            + "programa lo use.");

    public static Advice Paused(PortPause pause) => new(
        $"{pause.By} has paused the port, so that somebody else can use its line; it is read again by itself, or once it is resumed.",
        $"{pause.By} ha puesto el puerto en pausa para que otro pueda usar su línea; se vuelve a leer por sí solo, o al reanudarlo.");

    public static Advice NoMeterAnswers(PortStatus port) => new(
        $"No meter on this port answers: check the wiring between {port.Address} and the meters, and the baud rate and parity of the line.",
        $"Ningún contador de este puerto responde: revise el cableado entre {port.Address} y los contadores, y la velocidad y la paridad "
        + "de la línea.");

    public static Advice NoAnswer(MeterStatus meter) => new(
        $"Check link-address = {meter.LinkAddress} in the fleet file, the meter's power, and its wiring to port {meter.Port}.",
        $"Revise link-address = {meter.LinkAddress} en el fichero de la flota, la alimentación del contador y su cableado al puerto "
        + $"{meter.Port}.");

    public static Advice DamagedAnswers(string port) => new(
        $"Check the baud rate, data bits and parity of port {port} and of its converter, then the cable.",
        $"Revise la velocidad, los bits de datos y la paridad del puerto {port} y de su conversor, y después el cable.");

    public static Advice Password() => new(
        "Correct password in the fleet file, or point-address if the meter has no such measurement point.",
        "Corrija password en el fichero de la flota, o point-address si el contador no tiene ese punto de medida.");

    public static Advice WrongMeter(MeterStatus meter) => new(
        $"If the meter was replaced, declare it on its page (or POST /api/meters/{meter.Id}/replaced); otherwise correct link-address or "
        + "serial-number in the fleet file.",
        $"Si el contador ha sido sustituido, declárelo en su página (o POST /api/meters/{meter.Id}/replaced); si no, corrija "
        + "link-address o serial-number en el fichero de la flota.");

    public static Advice Clock(Duration? offset)
    {
        const string How = "Set the meter's clock on its page or with iec102 sync-clock, or with clock.set in the fleet file let the "
            + "server do it";
        const string InSpanish = "Ponga en hora el contador en su página o con iec102 sync-clock, o deje que lo haga el servidor con "
            + "clock.set en el fichero de la flota";
        return ClockTrust.Believes(offset ?? Duration.Zero)
            ? new Advice($"{How}.", $"{InSpanish}.")
            : new Advice(
                $"{How}; until then the times of its readings are wrong, and what its curves lack cannot be taken for absent.",
                $"{InSpanish}; hasta entonces las horas de sus lecturas son erróneas, y lo que falta en sus curvas no puede darse por "
                + "ausente.");
    }

    public static Advice Gaps(string meter, Curve curve) => new(
        $"See what is missing, and why, on the meter's page of coverage (or GET /api/meters/{meter}/profiles/{curve.Name()}/coverage).",
        $"Vea qué falta, y por qué, en la página de cobertura del contador (o GET /api/meters/{meter}/profiles/{curve.Name()}/"
        + "coverage).");

    public static Advice Storage() => new(
        "Check the free space and the permissions of the data directory; the log says what failed.",
        "Revise el espacio libre y los permisos del directorio de datos; el registro dice qué ha fallado.");

    public static Advice Unsupported(Curve curve) => new(
        $"If the meter does not have this curve, write profiles.{curve.Name()}.enabled = false in the fleet file.",
        $"Si el contador no tiene esta curva, escriba profiles.{curve.Name()}.enabled = false en el fichero de la flota.");

    public static Advice Stale() => new(
        "The meter answers too slowly or refuses current values: raise current-values.every in the fleet file; the log says which.",
        "El contador responde con demasiada lentitud o rechaza los valores instantáneos: aumente current-values.every en el fichero de la "
        + "flota; el registro dice cuál de las dos cosas.");
}
