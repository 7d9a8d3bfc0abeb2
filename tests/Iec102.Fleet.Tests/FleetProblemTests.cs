namespace Iec102.Fleet.Tests;

/// <summary>Each problem in a fleet file is reported in one sentence: what is wrong, where, and what to do.</summary>
public class FleetProblemTests
{
    [Theory]
    [InlineData("tcp = \"192.0.2.1\"", "tcp", "must be \"host:port\"")]
    [InlineData("tcp = \"h:70000\"", "tcp", "must be \"host:port\"")]
    [InlineData("tcp = \"rfc2217://h\"", "tcp", "with telnet:// or rfc2217:// before it for a converter that speaks Telnet")]
    [InlineData("tcp = \"rfc2217://h:1\"", "line", "is missing: write the speed and character format")]
    [InlineData("tcp = \"rfc2217://h:1\", line = 9600-9E1", "line", "such as 9600-8E1, not '9600-9E1'.")]
    [InlineData("tcp = \"h:1\", line = 9600-8E1", "line",
        "cannot be set through tcp://h:1: set it in the converter and leave line out, or write tcp = \"rfc2217://h:1\"")]
    [InlineData("tcp = \"telnet://h:1\", line = 9600-8E1", "line", "cannot be set through telnet://h:1")]
    [InlineData("serial { device = x, line = 9600-8E1 }, line = 9600-8E1", "line", "this key is unknown")]
    [InlineData("tcp = \"h:1\", dial { }", "dial.number", "is missing: write the number that the modem calls.")]
    [InlineData("tcp = \"h:1\", dial.number = \"600 111\"", "dial.number", "must be what follows ATD, in quotes: digits, +, *, #")]
    [InlineData("tcp = \"h:1\", dial { number = 1, init = \"Z\" }", "dial.init", "must be AT commands, one for each answer of the modem")]
    [InlineData("tcp = \"h:1\", dial { number = 1, init = [\"ATZ\", \"AT\\r\"] }", "dial.init", "must be AT commands")]
    [InlineData("tcp = \"h:1\", dial { number = 1, connect-timeout = 1s }", "dial.connect-timeout", "from 5s to 600s")]
    [InlineData("tcp = \"h:1\", dial { number = 1, max-call = 1s }", "dial.max-call", "from 60s to 1d")]
    [InlineData("tcp = \"h:1\", dial { number = 1, nummer = 2 }", "dial.nummer", "the nearest known one is 'number'.")]
    [InlineData("tcp = [1]", "tcp", "must be a single value, not a list.")]
    [InlineData("enabled = true", "tcp", "a port needs tcp = \"host:port\", or serial")]
    [InlineData("tcp = \"h:1\", serial { device = x, line = 9600-8E1 }", "serial", "both tcp and serial")]
    [InlineData("serial = \"/dev/ttyS0\"", "serial", "must be an object in braces")]
    [InlineData("serial { line = 9600-8E1 }", "serial.device", "write the path of the serial device")]
    [InlineData("serial { device = \"\", line = 9600-8E1 }", "serial.device", "not an empty text")]
    [InlineData("serial { device = x, line = 8E1 }", "serial.line", "such as 9600-8E1, not '8E1'")]
    [InlineData("serial { device = x, line = 9600-8E1, driver = ttyS }", "serial.driver", "must be termios or system, not 'ttyS'.")]
    [InlineData("serial { device = x, line = 9600-8E1, driver = system, rs485 = on }", "serial.rs485", "must be off with driver = system")]
    [InlineData("serial { device = x }", "serial.line", "such as line = \"9600-8E1\"")]
    [InlineData("tcp = \"h:1\", timing { reply-timeout = 99ms }", "timing.reply-timeout", "must be a duration from 100ms to 600s")]
    [InlineData("tcp = \"h:1\", timing { reply-timeout = 601s }", "timing.reply-timeout", "must be a duration from 100ms to 600s")]
    [InlineData("tcp = \"h:1\", timing { reply-timeout = soon }", "timing.reply-timeout", "not 'soon'")]
    [InlineData("tcp = \"h:1\", timing { retries = 101 }", "timing.retries", "must be a whole number from 0 to 100, not '101'.")]
    [InlineData("tcp = \"h:1\", timing { retries = -1 }", "timing.retries", "must be a whole number from 0 to 100")]
    [InlineData("tcp = \"h:1\", timing { inter-request-delay = 601s }", "timing.inter-request-delay", "from 0s to 600s")]
    [InlineData(
        "tcp = \"h:1\", timing { reconnect-min = 10s, reconnect-max = 5s }", "timing.reconnect-max",
        "must not be shorter than reconnect-min (10s)")]
    [InlineData("tcp = \"h:1\", timing { reconnect-min = 2m }", "timing.reconnect-min", "reconnect-max (60s) must not be shorter")]
    [InlineData("tcp = \"h:1\", timing { relpy-timeout = 1s }", "timing.relpy-timeout", "the nearest known one is 'reply-timeout'.")]
    [InlineData("tcp = \"h:1\", hold = forever", "hold", "must be 'always' or a duration from 0s to 1d")]
    [InlineData("tcp = \"h:1\", enabled = maybe", "enabled", "must be true or false, not 'maybe'.")]
    [InlineData("tpc = \"h:1\", tcp = \"h:1\"", "tpc", "the nearest known one is 'tcp'.")]
    [InlineData("tcp = \"h:1\", gateway { }", "gateway.listen", "write the address and port to listen on")]
    [InlineData("tcp = \"h:1\", gateway { listen = 5001 }", "gateway.listen", "must be a numeric address and a port")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"0.0.0.0:1\", allow = [\"192.0.2.0/33\"] }", "gateway.allow", "must hold networks")]
    [InlineData(
        "tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", mode = write }", "gateway.mode", "must be read-only or full, not 'write'.")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"0.0.0.0:1\" }", "gateway.listen", "can be reached from other computers: write allow")]
    [InlineData(
        "tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", keys = [1, -4444] }", "gateway.keys",
        "must hold whole numbers from 0 to 4294967295; the value here is not one.")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", keys = [] }", "gateway.keys", "must hold at least one key")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", max-clients = 0 }", "gateway.max-clients", "from 1 to 1000")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", idle-timeout = 1s }", "gateway.idle-timeout", "from 10s to 1d")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", answer-hold = 2m }", "gateway.answer-hold", "from 0s to 60s")]
    [InlineData("tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", max-hold = 2h }", "gateway.max-hold", "from 1s to 1h")]
    [InlineData(
        "tcp = \"h:1\", gateway { listen = \"127.0.0.1:1\", max-client = 2 }", "gateway.max-client",
        "the nearest known one is 'max-clients'.")]
    public void A_wrong_port_is_explained(string section, string key, string sentence) =>
        Check(FleetText.PortProblem(section), $"iec102.ports.p.{key}", sentence);

    [Theory]
    [InlineData("link-address = 65536", "link-address", "must be a whole number from 0 to 65535, not '65536'.")]
    [InlineData("point-address = -1", "point-address", "must be a whole number from 0 to 65535")]
    [InlineData("password = 4294967296", "password", "must be a whole number from 0 to 4294967295.")]
    [InlineData("port = tcp-2", "port", "there is no port 'tcp-2'; the nearest is 'tcp-1'.")]
    [InlineData("preset = iberdola", "preset", "must be iberdrola, endesa, naturgy or viesgo, not 'iberdola'.")]
    [InlineData("serial-number = x", "serial-number", "must be a whole number")]
    [InlineData("time-zone = \"Europe/Madird\"", "time-zone", "such as Europe/Madrid")]
    [InlineData("summer-time = winter", "summer-time", "must be auto, su-bit, always-winter or civil, not 'winter'.")]
    [InlineData("orientation = generator", "orientation", "must be consumer or producer")]
    [InlineData("session-idle = 1s", "session-idle", "from 5s to 1h")]
    [InlineData("current-values.every = 0s", "current-values.every", "from 1s to 1d")]
    [InlineData("current-values.groups = [amps]", "current-values.groups", "must hold totals, powers or voltages, not 'amps'.")]
    [InlineData("current-values.groups = []", "current-values.groups", "at least one")]
    [InlineData("current-values.groups = totals", "current-values.groups", "must be a list in brackets")]
    [InlineData("profiles.hourly.from = \"01/02/2026\"", "profiles.hourly.from", "must be a date from 2000 to 2099 such as \"2026-01-31\"")]
    [InlineData("profiles.hourly.from = \"9999-12-31\"", "profiles.hourly.from", "must be a date from 2000 to 2099")]
    [InlineData("profiles.hourly.from = \"-9998-01-01\"", "profiles.hourly.from", "must be a date from 2000 to 2099")]
    [InlineData("profiles.hourly.depth = 0d", "profiles.hourly.depth", "from 1d to 3650d")]
    [InlineData("profiles.daily { }", "profiles.daily", "this key is unknown")]
    [InlineData("profiles.quarter-hour.enable = true", "profiles.quarter-hour.enable", "the nearest known one is 'enabled'.")]
    [InlineData("events.every = 1s", "events.every", "from 60s to 7d")]
    [InlineData("clock.set = always", "clock.set", "must be never, or limits")]
    [InlineData("clock.set { min = 10m, max = 5m }", "clock.set", "max must be above min")]
    [InlineData("clock.set { least = 5s }", "clock.set.least", "this key is unknown")]
    [InlineData("record = { }", "record", "must be a single value, not an object.")]
    [InlineData("cups = ES1234123456789012JX", "cups", "the control letters of ES1234123456789012JX would have to be JY")]
    [InlineData("cups = ES1234123456789013JY", "cups", "would have to be JF: a digit or a letter is wrong.")]
    [InlineData("cups = ES123412345678901JY", "cups", "must be ES, 16 digits and 2 control letters")]
    [InlineData("cups = ES1234123456789012JY1Q", "cups", "may end in a digit and a letter for the border point")]
    [InlineData("meter-number = \"5,01235E+11\"", "meter-number", "'5,01235E+11' was shortened by a spreadsheet")]
    [InlineData("name = \"a\\nb\"", "name", "must be one line of at most 200 characters.")]
    [InlineData("tags = [\"two words\"]", "tags", "without blanks, commas or semicolons, not 'two words'.")]
    [InlineData("point-address = 70000", "point-address", "from 0 to 65535")]
    public void A_wrong_meter_is_explained(string section, string key, string sentence) =>
        Check(FleetText.PlainMeterProblem(section), $"iec102.meters.m.{key}", sentence);

    [Theory]
    [InlineData("preset = viesgo", "port", "write the id of the port")]
    [InlineData(
        "port = tcp-1, link-address = 1, point-address = 1", "password",
        "write the read password of the meter, or a preset (iberdrola, endesa, naturgy or viesgo).")]
    [InlineData("port = tcp-1, point-address = 1, password = 1", "link-address", "write the link address")]
    [InlineData("port = tcp-1, preset = endesa", "meter-number", "makes the link address from its last five digits")]
    [InlineData("port = tcp-1, preset = endesa, meter-number = A1234", "meter-number", "must end in five digits")]
    [InlineData(
        "port = tcp-1, preset = endesa, meter-number = 50065536", "meter-number",
        "65536, are above 65535, the largest link address; give the link address")]
    public void A_meter_that_lacks_something_is_explained(string section, string key, string sentence) =>
        Check(FleetText.MeterProblem(section), $"iec102.meters.m.{key}", sentence);

    [Theory]
    [InlineData("time-zone = Madrid", "time-zone", "such as Europe/Madrid")]
    [InlineData("port { }", "port", "the nearest known one is 'ports'.")]
    [InlineData("ports = [a]", "ports", "must be an object in braces")]
    [InlineData("meters { m = 5 }", "meters.m", "must be an object in braces, m { }, not a single value.")]
    [InlineData("ports { \"süd\" { tcp = \"h:1\" } }", "ports.\"süd\"", "is not a valid id: use 1 to 64 letters")]
    [InlineData("retention.profiles = 5h", "retention.profiles", "must be 'forever' or a duration from 1d")]
    [InlineData("retention.history = 5d", "retention.history", "this key is unknown")]
    [InlineData("api.keys = [x]", "api.keys", "must hold objects such as")]
    [InlineData("api.keys = [{ name = x, role = read, sha256 = abc }]", "api.keys.0.sha256", "64 hexadecimal digits, not the key itself")]
    [InlineData(
        "api.keys = [{ name = x, role = write, sha256 = \"" + Sha + "\" }]", "api.keys.0.role", "must be read or operate, not 'write'.")]
    [InlineData("api.keys = [{ role = read, sha256 = \"" + Sha + "\" }]", "api.keys.0.name", "write who uses the key")]
    [InlineData("meters { m { port = p, preset = viesgo } }", "meters.m.port", "the fleet has no ports")]
    [InlineData(
        "meters-csv = none.csv", "meters-csv",
        "the file '/etc/none.csv' does not exist; the path is relative to the folder of the fleet file.")]
    [InlineData("store { }", "store.postgres", "write the connection string, postgres = \"Host=db;Database=iec102")]
    [InlineData("store = postgres", "store", "must be an object in braces")]
    [InlineData("store { postgres = { } }", "store.postgres", "must be a single value, not an object.")]
    [InlineData("store { postgres = \"Host=db\" }", "store.postgres", "must name the server and the database")]
    [InlineData("store { postgres = \"Database=iec102\" }", "store.postgres", "must name the server and the database")]
    [InlineData(
        "store { postgres = \"Host=db;Database=d;Target Session Attributes=primary\" }", "store.postgres", "must name several hosts if")]
    [InlineData("store { postgres = \"db\" }", "store.postgres", "must be a connection string such as")]
    [InlineData("store { postgres = \"Host=db;Database=d;Prot=1\" }", "store.postgres", "not known, probably for 'port'.")]
    [InlineData("store { postgres = \"Hsot=db;Database=d;Password=p\" }", "store.postgres", "not known, probably for 'host'.")]
    [InlineData("store { postgres = \"Host=db;Password=a;secret=b\" }", "store.postgres", "the text here is not one.")]
    [InlineData("store { postgres = \"Host=db;Database=d\", key = 1 }", "store.key", "the nearest known one is 'postgres'.")]
    public void A_wrong_fleet_is_explained(string text, string key, string sentence) =>
        Check(FleetText.Problem(text), $"iec102.{key}", sentence);

    [Fact]
    public void A_port_or_meter_set_to_null_is_taken_away() =>
        FleetText.Fleet("ports { a.tcp = \"h:1\", b = null }, meters { m { port = a, preset = viesgo }, m = null }").Meters.ShouldBeEmpty();

    [Fact]
    public void The_same_addresses_twice_on_one_port_are_explained()
    {
        var problem = FleetText.Problem($"{FleetText.Ports} meters {{\n a {{ port = tcp-1, preset = viesgo }}\n b {{ port = tcp-1, "
            + $"link-address = 1, point-address = 1, password = 3 }}\n}}");
        Check(problem, "iec102.meters.b.link-address", "link address 1 and point address 1 on port 'tcp-1' are already those of meter 'a'");
        problem.Line.ShouldBe(5);
    }

    [Theory]
    [InlineData("127.0.0.1:5001", "127.0.0.1:5001", true)]
    [InlineData("127.0.0.1:5001", "0.0.0.0:5001\", allow = [\"192.0.2.0/24\"], mode = \"full", true)]
    [InlineData("127.0.0.1:5001", "127.0.0.2:5001", false)]
    [InlineData("127.0.0.1:5001", "127.0.0.1:5002", false)]
    public void Two_gateways_at_one_place_are_explained(string first, string second, bool isProblem)
    {
        var text = $"ports {{\n a {{ tcp = \"h:1\", gateway {{ listen = \"{first}\" }} }}\n b {{ tcp = \"h:2\", gateway {{ listen = "
            + $"\"{second}\" }} }}\n}}";
        if (!isProblem)
        {
            FleetText.Fleet(text).Ports.Count.ShouldBe(2);
            return;
        }

        var problem = FleetText.Problem(text);
        Check(problem, "iec102.ports.b.gateway.listen", "TCP port 5001 is already used by the gateway of port 'a'");
        problem.Line.ShouldBe(4);
    }

    [Theory]
    [InlineData("node = n-1", "node = n-2", false)]
    [InlineData("node = n-1", "nodes = [n-2, n-3]", false)]
    [InlineData("nodes = [n-1, n-2]", "nodes = [n-3]", false)]
    [InlineData("node = n-1", "node = n-1", true)]
    [InlineData("node = n-1", "nodes = [n-2, n-1]", true)]
    [InlineData("nodes = [n-1, n-2]", "nodes = [n-2, n-3]", true)]
    [InlineData("node = n-1", "nodes = any", true)]
    [InlineData("nodes = any", "node = n-1", true)]
    [InlineData("nodes = any", "nodes = any", true)]
    public void Two_gateways_need_places_of_their_own_where_one_node_may_have_both(string first, string second, bool isProblem)
    {
        const string Gateway = "gateway { listen = \"0.0.0.0:5001\", allow = [\"192.0.2.0/24\"] }";
        var text = $"ports {{\n a {{ tcp = \"h:1\", {first}, {Gateway} }}\n b {{ tcp = \"h:2\", {second}, {Gateway} }}\n}}";
        if (isProblem)
            Check(FleetText.Problem(text), "iec102.ports.b.gateway.listen", "TCP port 5001 is already used by the gateway of port 'a'");
        else
            FleetText.Fleet(text).Ports.Count.ShouldBe(2);
    }

    [Fact]
    public void A_gateway_is_compared_with_every_other()
    {
        var ports = string.Join('\n', new[] { "a 127.0.0.1", "b 127.0.0.2", "c 127.0.0.2" }.Select(port => port.Split(' ')).Select(
            port => $"ports.{port[0]} {{ tcp = \"h-{port[0]}:1\", gateway {{ listen = \"{port[1]}:5001\" }} }}"));
        Check(FleetText.Problem(ports), "iec102.ports.c.gateway.listen", "TCP port 5001 is already used by the gateway of port 'b'");
    }

    [Fact]
    public void Presets_that_disagree_about_a_line_are_explained() =>
        Check(
            FleetText.Problem("ports.p.serial.device = x\nmeters { a { port = p, preset = viesgo }, b { port = p, preset = endesa, "
                + "meter-number = 12345 } }"),
            "iec102.ports.p.serial.line",
            "the presets of the meters on this port differ (9600-8N1, 9600-8E1)");

    [Fact]
    public void A_problem_has_the_place_of_the_value()
    {
        var problem = FleetText.Problem("ports {\n  a {\n    tcp = \"h:1\"\n    timing.retries = many\n  }\n}");
        problem.ToString().ShouldBe(
            "/etc/fleet.conf:5:22: iec102.ports.a.timing.retries: must be a whole number from 0 to 100, not 'many'.");
    }

    [Fact]
    public void A_problem_in_an_included_file_has_that_files_place()
    {
        var problem = FleetText.Problem("include \"ports.conf\"", new() { ["/etc/ports.conf"] = "ports.a {\n tcp = x }" });
        (problem.File, problem.Line, problem.Column).ShouldBe(("/etc/ports.conf", 2, 8));
    }

    private const string Sha = "0000000000000000000000000000000000000000000000000000000000000000";

    private static void Check(FleetProblem problem, string key, string sentence)
    {
        problem.Key.ShouldBe(key);
        problem.Sentence.ShouldContain(sentence);
        problem.Sentence.ShouldEndWith(".");
    }
}
