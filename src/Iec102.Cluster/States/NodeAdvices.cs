using Iec102.Acquisition.Verdicts;

namespace Iec102.Cluster.States;

/// <summary>What to do about nodes, in English and in Spanish.</summary>
internal static class NodeAdvices
{
    public static Advice NodeLost(string node, Uri url) => new(
        $"Look for node {node} ({At(url)}): its power, its process and its way to the database.",
        $"Revise el nodo {node} ({At(url)}): su alimentación, su proceso y su conexión con la base de datos.");

    public static Advice NeverHeardOf(string node, string key) => new(
        $"Node {node} has never been heard of: start it, or is its name wrong in {key}?",
        $"Nunca se ha sabido nada del nodo {node}: arránquelo, ¿o está mal escrito su nombre en {key}?");

    public static Advice NoNode(string port) => new(
        $"No node runs port {port}: see with iec102 node list which nodes work, and compare what the fleet file says of the port.",
        $"Ningún nodo atiende el puerto {port}: vea con iec102 node list qué nodos funcionan y compare lo que dice el fichero de la flota "
        + "sobre los nodos del puerto.");

    public static Advice FleetDiffers(string node, string self) => new(
        $"Give nodes {node} and {self} the same fleet file, and the same values of the environment variables that it takes: until then "
        + "each of them runs what its own one says.",
        $"Ponga el mismo fichero de la flota en los nodos {node} y {self}, y los mismos valores en las variables de entorno que usa: "
        + "mientras tanto cada uno hace lo que dice el suyo.");

    public static Advice StoreAway() => new(
        "Check the database that the nodes share and the network to it; this node goes on reading its own ports.",
        "Revise la base de datos que comparten los nodos y la red hasta ella; este nodo sigue leyendo sus propios puertos.");

    private static string At(Uri url) => url.GetLeftPart(UriPartial.Authority);
}
