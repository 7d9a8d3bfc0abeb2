using Iec102.Acquisition.Ports;
using Iec102.Acquisition.Verdicts;
using Iec102.Fleet;

namespace Iec102.Server.OneOff;

/// <summary>The one thing to look at when a meter that is to be added does not answer.</summary>
internal static class CheckAdvice
{
    /// <summary>The advice.</summary>
    /// <param name="login">How the login ended; null when there was none.</param>
    /// <param name="port">The line.</param>
    /// <param name="link">The link address that was asked.</param>
    public static Advice Of(ExchangeEnded? login, PortConfiguration port, ushort link) => login switch
    {
        { End: ExchangeEnd.PortLost } when port.Tcp is { } tcp => new Advice(
            $"Check that {tcp.EndPoint} is the converter's address and TCP port, that it is reached from the server, and that no other "
            + "program holds its connection.",
            $"Revise que {tcp.EndPoint} sea la dirección y el puerto TCP del conversor, que el servidor llegue a él y que ningún otro "
            + "programa ocupe su conexión."),
        { End: ExchangeEnd.PortLost } => new Advice(
            $"Check that the device {port.Serial?.Device} is plugged in, that the server's user may open it, and that no other program "
            + "uses it.",
            $"Revise que el dispositivo {port.Serial?.Device} esté conectado, que el usuario del servidor pueda abrirlo y que ningún otro "
            + "programa lo use."),
        { End: ExchangeEnd.Refused } => new Advice(
            "Check the password; if it is right, the measurement point.", "Revise la clave; si es correcta, el punto de medida."),
        { Fault: LineFault.Damaged } => new Advice(
            "Check the speed, data bits and parity of the line and of its converter.",
            "Revise la velocidad, los bits de datos y la paridad de la línea y de su conversor."),
        _ => new Advice(
            $"Check the link address {link}: many meters have the last five digits of the number on their plate; then the wiring "
            + "and power.",
            $"Revise la dirección de enlace {link}: muchos contadores tienen las cinco últimas cifras del número de su placa; después, el "
            + "cableado y la alimentación."),
    };
}
