using System.CommandLine;
using Iec102.Server.Commands.Common;

namespace Iec102.Server.Tests.Commands;

public sealed class CommandLineTests
{
    private const string Meter = "--tcp 127.0.0.1:4001 --link 1 --password 1";

    [Theory]
    [InlineData("simulate")]
    [InlineData("read")]
    [InlineData("sync-clock")]
    [InlineData("probe")]
    [InlineData("decode")]
    [InlineData("export")]
    [InlineData("reread")]
    [InlineData("verify")]
    [InlineData("repair")]
    [InlineData("backup")]
    [InlineData("completion")]
    public async Task Help_ends_in_examples_that_can_be_parsed(string command)
    {
        var help = await Cli.RunAsync($"{command} --help");

        help.Status.ShouldBe(0);
        var examples = help.Lines.SkipWhile(line => line is not ("Example:" or "Examples:")).Skip(1).ToList();
        examples.ShouldNotBeEmpty();
        examples.ShouldAllBe(line => line.StartsWith($"  iec102 {command} ", StringComparison.Ordinal));
        foreach (var example in examples)
        {
            var line = example["  iec102 ".Length..].Split(" < ")[0];
            // With --help at its end a command does nothing, but a line that cannot be parsed is still an error.
            (await Cli.RunAsync($"{line} --help")).Error.ShouldBe("", line);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("--help")]
    [InlineData("check --help")]
    public async Task Help_says_what_the_exit_status_means(string line)
    {
        var help = await Cli.RunAsync(line);

        (help.Status, help.Error).ShouldBe((0, ""));
        help.Lines.ShouldContain("Usage:");
        help.Output.ShouldContain(
            "Exit status:\n  0 done; 1 the meter, the line or the server failed or refused; 2 wrong usage or configuration\n");
    }

    [Theory]
    [InlineData("8198", "http://127.0.0.1:8198")]
    [InlineData("8198;http://localhost:1", "http://127.0.0.1:8198 http://localhost:1")]
    [InlineData("http://*:8102", "http://*:8102")]
    public void A_number_alone_is_a_port_of_this_computer(string given, string urls)
    {
        var option = CommonOptions.Urls();

        string.Join(' ', new Command("serve") { option }.Parse(["--urls", given]).GetValue(option)!).ShouldBe(urls);
    }

    [Theory]
    [InlineData("srve", "iec102 has no command 'srve'; did you mean 'serve'? See iec102 --help.")]
    [InlineData("sim --meters 3", "iec102 has no command 'sim'; did you mean 'simulate'? See iec102 --help.")]
    [InlineData("weather", "iec102 has no command 'weather'. See iec102 --help.")]
    [InlineData("read current --lnk 5 --password 1", "iec102 read has no option '--lnk'; did you mean '--link'? See iec102 read --help.")]
    [InlineData("serve --passwrd=305419896", "iec102 serve has no option '--passwrd'. See iec102 serve --help.")]
    [InlineData(
        "alarm shelve m --hors 3",
        "iec102 alarm shelve has no option '--hors'; did you mean '--hours'? See iec102 alarm shelve --help.")]
    [InlineData("verify --data d now", "iec102 verify does not take 'now'. See iec102 verify --help.")]
    [InlineData("read", "iec102 read needs WHAT. See iec102 read --help.")]
    [InlineData("decode", "iec102 decode needs HEX. See iec102 decode --help.")]
    [InlineData("check fleet.conf", "iec102 check does not take 'fleet.conf'; did you mean '--fleet fleet.conf'? See iec102 check --help.")]
    [InlineData("serve --fleet fleet.conf --urls 81980",
        "--urls: '81980' is not an address such as http://127.0.0.1:8102. See iec102 serve --help.")]
    [InlineData("completion fish",
        "SHELL: there is no script for 'fish'; choose one of bash, zsh, pwsh. See iec102 completion --help.")]
    [InlineData("read current --link 1 --password 1", "Say which line leads to the meter: either --tcp HOST:PORT or --serial DEVICE.")]
    [InlineData("read current --tcp nowhere --link 1 --password 1",
        "--tcp: 'nowhere' is not a host and port such as 192.0.2.10:4001. See iec102 read --help.")]
    [InlineData("read current --serial /dev/x --line 9600 --link 1 --password 1",
        "--line: '9600' is not a line format such as 9600-8E1. See iec102 read --help.")]
    [InlineData("read current --tcp 127.0.0.1:4001 --link 65536 --password 1",
        "--link: '65536' is not a whole number from 0 to 65535. See iec102 read --help.")]
    [InlineData("alarm shelve m --hours text", "--hours: 'text' is not a number from 0 to 168. See iec102 alarm shelve --help.")]
    [InlineData("alarm shelve m --hours -1", "--hours: '-1' is not a number from 0 to 168. See iec102 alarm shelve --help.")]
    [InlineData("alarm shelve m --hours NaN", "--hours: 'NaN' is not a number from 0 to 168. See iec102 alarm shelve --help.")]
    [InlineData("demo --meters x", "--meters: 'x' is not a whole number from 1 to 9999. See iec102 demo --help.")]
    [InlineData("port pause north --minutes 1.5",
        "--minutes: '1.5' is not a whole number from 0 to 1440. See iec102 port pause --help.")]
    [InlineData("read current --tcp 127.0.0.1:4001 --link 1 --password 4e61bc",
        "--password: a key is a whole number from 0 to 4294967295. See iec102 read --help.")]
    [InlineData($"read current {Meter} --format xml",
        "--format: unknown format 'xml'; use one of table, json, csv. See iec102 read --help.")]
    [InlineData($"read current {Meter} --reply-timeout 1h",
        "--reply-timeout: '1h' is not a time from 100ms to 600s, such as 500ms or 3s. See iec102 read --help.")]
    [InlineData($"read current {Meter} --connect-delay 5",
        "--connect-delay: '5' is not a time from 0s to 600s, such as 500ms or 3s. See iec102 read --help.")]
    [InlineData($"read current {Meter} --time-zone Mars",
        "--time-zone: unknown time zone 'Mars'; write one like Europe/Madrid. See iec102 read --help.")]
    [InlineData($"read current {Meter} --meter a,b",
        "--meter: 'a,b' is not a valid id: 1 to 64 letters, digits, - and _. See iec102 read --help.")]
    [InlineData($"read profile {Meter} --curve daily",
        "--curve: unknown curve 'daily'; use hourly, quarter-hour or daily-closing. See iec102 read --help.")]
    [InlineData($"read profile {Meter} --from 2024-10-28 --to 2024-10-27", "The range is empty: --from must be earlier than --to.")]
    [InlineData($"read profile {Meter} --from 2024-10-27 --to 2024-10-27",
        "The range is empty: for a whole day, --to is the day after --from.")]
    [InlineData("serve --fleet fleet.conf --data data --urls nowhere",
        "--urls: 'nowhere' is not an address such as http://127.0.0.1:8102. See iec102 serve --help.")]
    [InlineData("demo --urls http://127.0.0.1:8102;http://127.0.0.1:port",
        "--urls: 'http://127.0.0.1:port' is not an address such as http://127.0.0.1:8102. See iec102 demo --help.")]
    [InlineData("demo --urls http://0.0.0.0:8102",
        "http://0.0.0.0:8102 is not a loopback address and no API keys are configured: add iec102.api.keys to the fleet file, "
        + "or set iec102.api.allow-anonymous = true to allow everybody.")]
    [InlineData("export --data data --meter m --step 15m", "--signal and --step can only be used with --what current.")]
    [InlineData("read weather",
        "WHAT: 'weather' cannot be read; choose one of current, profile, closings, clock, id, config, events, tariff, powers, holidays, "
        + "parameters. See iec102 read --help.")]
    [InlineData($"read events {Meter} --lang fr", "--lang: unknown language 'fr'; use en or es. See iec102 read --help.")]
    [InlineData($"read closings {Meter} --from 2024-10-28 --to 2024-10-27", "The range is empty: --from must be earlier than --to.")]
    [InlineData($"read closings {Meter} --from 1999-12-31 --to 2000-02-01",
        "The dates of a meter go from 2000 to 2099: --from or --to is outside them.")]
    [InlineData($"read profile {Meter} --from 2024-10-27 --to 2200-01-01",
        "The dates of a meter go from 2000 to 2099: --from or --to is outside them.")]
    [InlineData($"read events {Meter} --from 2090-01-01 --to 2090-02-01", "The range has not begun yet.")]
    [InlineData($"read events {Meter} --to yesterday",
        "--to: 'yesterday' is not a valid time; write ISO 8601 with an offset, 2024-10-27T02:00:00+02:00, or a civil time in the "
        + "meter's zone, 2024-10-27T02:00 or 2024-10-27.")]
    [InlineData($"read tariff {Meter} --record 256", "--record: '256' is not a whole number from 0 to 255. See iec102 read --help.")]
    [InlineData("sync-clock --link 1 --password 1 --yes", "Say which line leads to the meter: either --tcp HOST:PORT or --serial DEVICE.")]
    [InlineData($"sync-clock {Meter} --yes --write-password secret",
        "--write-password: a key is a whole number from 0 to 4294967295. See iec102 sync-clock --help.")]
    [InlineData("probe", "Say which line leads to the meter: either --tcp HOST:PORT or --serial DEVICE.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --link 1 --scan 1-5", "Say which link addresses to ask: either --link N or --scan FROM-TO.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --preset iberdrola",
        "The preset iberdrola makes the link address from the meter's number: give --meter-number N, --link N or --scan FROM-TO.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --meter-number 99",
        "--meter-number: must end in five digits, which make the link address, not '99'; correct it, or give the link address. See "
        + "iec102 probe --help.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --preset fenosa",
        "--preset: 'fenosa' is not one of iberdrola, endesa, naturgy, viesgo. See iec102 probe --help.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --link 65535",
        "--link: '65535' is not a link address from 0 to 65534. See iec102 probe --help.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --scan 9-5",
        "--scan: '9-5' is not a range of link addresses from 0 to 65534 such as 1-50. See iec102 probe --help.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --scan 1-65535",
        "--scan: '1-65535' is not a range of link addresses from 0 to 65534 such as 1-50. See iec102 probe --help.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --password 1,x",
        "--password: give 1 to 8 whole numbers from 0 to 4294967295, separated by commas. See iec102 probe --help.")]
    [InlineData("probe --tcp 127.0.0.1:4001 --password 1,2,3,4,5,6,7,8,9",
        "--password: give 1 to 8 whole numbers from 0 to 4294967295, separated by commas. See iec102 probe --help.")]
    [InlineData("simulate --meters 3", "Say where the meters should answer: either --listen HOST:PORT or --pty DIR.")]
    [InlineData("simulate --meters 3 --listen 127.0.0.1:65534", "TCP ports from 65534 on would not stay within 1 to 65535 for 3 lines.")]
    [InlineData($"read profile {Meter} --summer-time never",
        "--summer-time: unknown habit 'never'; use su-bit, always-winter or civil. See iec102 read --help.")]
    [InlineData("simulate --meters 3 --listen 127.0.0.1:0 --faults rain=1",
        "--faults: There is no fault 'rain'; there are loss, bit-errors, junk, delay, silence and disconnect. See iec102 simulate --help.")]
    [InlineData("simulate --meters 3 --listen 127.0.0.1:0 --behaviour no-block",
        "--behaviour: There is no behaviour 'no-block'; the nearest is 'no-blocks'. See iec102 simulate --help.")]
    [InlineData("simulate --meters 3 --listen 127.0.0.1:0 --clock-offset -90x",
        "--clock-offset: '-90x' is not a time such as 90s, 5m or -90s, one day at most. See iec102 simulate --help.")]
    [InlineData("simulate --meters 3 --listen 127.0.0.1:0 --baud fast",
        "--baud: 'fast' is not a speed from 300 to 115200 such as 9600 or 9600-8N1. See iec102 simulate --help.")]
    [InlineData("export --data /nowhere/at/all --all",
        "There is no data directory /nowhere/at/all: name the one that the server was started with.")]
    [InlineData("backup --data /nowhere/at/all", "Say what to do: either --out FILE to write a backup or --restore FILE to unpack one.")]
    [InlineData("reread --meter m-1 --from yesterday --to 2024-10-27",
        "--from: 'yesterday' is not a valid time; write ISO 8601 with an offset, 2024-10-27T02:00:00+02:00, or a civil time in the "
        + "meter's zone, 2024-10-27T02:00 or 2024-10-27.")]
    [InlineData("reread --meter m-1 --from 2024-10-26 --to 2024-10-27 --url here",
        "--url: 'here' is not an address such as http://127.0.0.1:8102.")]
    public async Task Wrong_usage_is_one_sentence_and_exit_status_2(string line, string sentence)
    {
        var result = await Cli.RunAsync(line);

        result.Sentence.ShouldBe(sentence);
        result.Status.ShouldBe(2);
        result.Output.ShouldBe("");
    }
}
