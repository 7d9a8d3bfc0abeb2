using Iec102.Fleet;
using Iec102.Server.Deliveries;
using Iec102.Storage.Writing;

namespace Iec102.Server.Tests.Deliveries;

/// <summary>What stands in the folder after looks, failures and kills.</summary>
public sealed class DeliveryWorkTests : IDisposable
{
    private const string First = "daily_2026-11-29.csv";
    private const string Second = "daily_2026-11-29-v2.csv";

    private readonly DeliveryScene _scene = new();

    public void Dispose() => _scene.Dispose();

    [Fact]
    public async Task A_file_is_written_once_with_what_is_stored()
    {
        var look = await _scene.LookAsync();

        var file = look.Written.ShouldHaveSingleItem();
        (file.File, file.Version, file.Intervals, file.Complete, file.Meters, file.Part).ShouldBe((First, 1, 3L, 1, 2, null));
        _scene.Rows.ShouldBe([file]);
        _scene.Files().ShouldBe([$"{First} 3"]);
        _scene.TextOf(First).ShouldContain("m-1,hourly,2026-11-29T02:00:00+01:00,201,0,");
        _scene.Parts().ShouldBeEmpty();
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(Path.Combine(_scene.Folder, First))))
            .ShouldBe(file.Sha256);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(Path.Combine(_scene.Folder, First))
                .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        (await _scene.LookAsync()).Written.ShouldBeEmpty();
        _scene.Files().ShouldBe([$"{First} 3"]);
    }

    [Fact]
    public async Task A_whole_new_version_follows_when_more_is_stored_or_something_was_read_again()
    {
        await _scene.LookAsync();
        _scene.Hours.Add(4);
        (await _scene.LookAsync()).Written.Select(file => file.File).ShouldBe([Second]);
        _scene.Hours.Add(4);
        (await _scene.LookAsync()).Written.Select(file => file.Version).ShouldBe([3]);

        _scene.Files().ShouldBe([$"{Second} 4", "daily_2026-11-29-v3.csv 4", $"{First} 3"]);
        _scene.TextOf("daily_2026-11-29-v3.csv").ShouldContain(",402,");
    }

    [Fact]
    public async Task Without_anything_new_only_the_completeness_is_noted()
    {
        await _scene.LookAsync();
        _scene.Complete = 2;
        (await _scene.LookAsync()).Written.ShouldBeEmpty();
        _scene.Rows.ShouldHaveSingleItem().Complete.ShouldBe(2);

        // The retention deletes.
        _scene.Hours.Clear();
        (await _scene.LookAsync()).Written.ShouldBeEmpty();
        _scene.Files().ShouldBe([$"{First} 3"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task More_is_seen_of_fewer_meters_too_and_what_the_retention_deletes_is_not_left_out_of_a_version(bool isRetention)
    {
        await _scene.LookAsync();
        // As when two of the hours belong to a meter that is no longer chosen.
        _scene.Hours.RemoveRange(1, 2);
        if (isRetention)
            _scene.Retention = TimeSpan.FromDays(1);
        (await _scene.LookAsync()).Written.ShouldBeEmpty();

        _scene.Hours.Add(7);
        (await _scene.LookAsync()).Written.Select(file => file.File).ShouldBe(isRetention ? [] : [Second]);
        _scene.Files().ShouldBe(isRetention ? [$"{First} 3"] : [$"{Second} 2", $"{First} 3"]);
    }

    [Fact]
    public async Task Rows_that_do_not_show_in_the_file_make_no_version()
    {
        await _scene.LookAsync();
        var text = _scene.TextOf(First);
        // As when a row came while the file was being written, and is in it.
        ((IDeliveryTable)_scene).Replace(_scene.Rows.Single() with { Stored = 2 });

        (await _scene.LookAsync()).Written.ShouldBeEmpty();
        (_scene.Rows.Single().Stored, _scene.TextOf(First), _scene.Parts().Count).ShouldBe((3, text, 0));
    }

    [Fact]
    public async Task Nothing_stored_makes_no_file_and_is_said_once()
    {
        _scene.Hours.Clear();
        (await _scene.LookAsync()).Empty.ShouldBe(["2026-11-29"]);
        (await _scene.LookAsync()).Empty.ShouldBeEmpty();
        _scene.Files().ShouldBeEmpty();

        _scene.Hours.Add(7);
        (await _scene.LookAsync()).Written.Select(file => file.File).ShouldBe([First]);
    }

    [Fact]
    public async Task What_somebody_wants_now_comes_before_its_time_and_what_others_fetched_stays_fetched()
    {
        _scene.Delivery = _scene.Delivery with { At = new NodaTime.LocalTime(23, 0) };
        (await _scene.LookAsync()).Written.ShouldBeEmpty();
        (await _scene.LookAsync(isAsked: true)).Written.Select(file => file.File).ShouldBe([First]);

        File.Delete(Path.Combine(_scene.Folder, First));
        (await _scene.LookAsync(isAsked: true)).Written.ShouldBeEmpty();
        _scene.Files().ShouldBeEmpty();
    }

    /// <summary>
    /// Kills at every step of the first version and of the second, and, after the kill, at every step of what mends it.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_kill_at_any_step_neither_forgets_nor_doubles(bool isSecond)
    {
        var kills = 0;
        for (var at = 1; ; at++)
        {
            using var scene = new DeliveryScene();
            if (isSecond)
            {
                await scene.LookAsync();
                scene.Hours.Add(4);
            }

            if (!await KilledAsync(scene, at))
                break;
            for (var again = 1; await KilledAsync(scene, again); again++)
                kills++;
            await scene.LookAsync();

            scene.Files().ShouldBe(isSecond ? [$"{Second} 4", $"{First} 3"] : [$"{First} 3"], $"killed at step {at}");
            scene.Parts().ShouldBeEmpty();
            scene.Rows.ShouldAllBe(file => file.Part == null && file.Intervals == (file.Version == 1 ? 3 : 4));
        }

        kills.ShouldBeGreaterThan(20);
    }

    [Fact]
    public async Task What_a_killed_process_left_half_written_is_removed_and_what_another_delivery_or_node_writes_is_not()
    {
        Directory.CreateDirectory(_scene.Folder);
        foreach (var part in (string[])[".daily_2026-11-20.csv.part", ".other_2026-11-20.csv.part", ".daily_2026-11-20.csv.node-b.part"])
            await File.WriteAllTextAsync(Path.Combine(_scene.Folder, part), "meter,cur");

        await _scene.LookAsync();

        _scene.Parts().ShouldBe([".other_2026-11-20.csv.part", ".daily_2026-11-20.csv.node-b.part"], ignoreOrder: true);
    }

    [Fact]
    public async Task Another_node_ends_what_a_killed_one_has_begun()
    {
        Kill("before replace", _scene);
        await _scene.LookAsync(node: "a");
        _scene.Step = _ => { };
        _scene.Rows.ShouldHaveSingleItem().Part.ShouldBe($".{First}.a.part");

        (await _scene.LookAsync(node: "b")).Written.Select(file => file.File).ShouldBe([First]);
        _scene.Files().ShouldBe([$"{First} 3"]);
        _scene.Rows.ShouldHaveSingleItem().Part.ShouldBeNull();
    }

    [Fact]
    public async Task A_file_that_was_fetched_just_before_the_restart_is_delivered_as_a_version_more_rather_than_forgotten()
    {
        Kill("before replace", _scene);
        await _scene.LookAsync();
        _scene.Step = _ => { };
        File.Delete(Path.Combine(_scene.Folder, First));

        await _scene.LookAsync();
        _scene.Files().ShouldBe([$"{Second} 3"]);
    }

    [Fact]
    public async Task A_file_that_is_there_is_never_overwritten_and_is_taken_for_this_one_when_it_is_the_same()
    {
        await _scene.LookAsync();
        _scene.Forget();
        (await _scene.LookAsync()).Written.ShouldHaveSingleItem().Version.ShouldBe(1);
        _scene.Files().ShouldBe([$"{First} 3"]);

        _scene.Forget();
        await File.WriteAllTextAsync(Path.Combine(_scene.Folder, First), "of somebody else\n");
        (await _scene.LookAsync()).Written.ShouldHaveSingleItem().Version.ShouldBe(2);
        _scene.TextOf(First).ShouldBe("of somebody else\n");
        _scene.Files().ShouldBe([$"{Second} 3", $"{First} 0"]);
    }

    [Fact]
    public async Task Of_two_nodes_that_write_at_once_one_does()
    {
        var other = new TaskCompletionSource();
        _scene.Step = step =>
        {
            if (step == "before add" && !other.Task.IsCompleted)
            {
                other.SetResult();
                _scene.LookAsync(node: "b").GetAwaiter().GetResult().Written.Count.ShouldBe(1);
            }
        };

        // The other has given its file its name by the time this one looks for it, and it is the same.
        (await _scene.LookAsync(node: "a")).Written.ShouldBeEmpty();
        _scene.Files().ShouldBe([$"{First} 3"]);
        _scene.Parts().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("interval", 28, "No space is left on the disk of {0}: free some.", false)]
    [InlineData("before add", 0, "{0} cannot be used (it is odd): correct the folder of this delivery.", false)]
    [InlineData("stored", -1, "The operation has timed out.", true)]
    public async Task A_failure_is_one_sentence_and_leaves_nothing_half_written(string at, int code, string sentence, bool isSaid)
    {
        _scene.Step = step =>
        {
            if (step == at)
                throw code < 0 ? new TimeoutException() : new IOException("it is odd", code);
        };
        var look = await _scene.LookAsync();

        look.Problem.ShouldBe(new DeliveryProblem(string.Format(null, sentence, _scene.Folder), isSaid));
        (look.Written.Count, _scene.Files().Count).ShouldBe((0, 0));
        _scene.Step = _ => { };
        (await _scene.LookAsync()).Written.ShouldHaveSingleItem();
        _scene.Parts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_that_is_a_file_is_said_and_then_mended()
    {
        await File.WriteAllTextAsync(_scene.Folder, "");
        (await _scene.LookAsync()).Problem!.Sentence.ShouldStartWith($"{_scene.Folder} cannot be used (");
        File.Delete(_scene.Folder);
        (await _scene.LookAsync()).Written.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_file_can_be_json()
    {
        _scene.Delivery = _scene.Delivery with { Format = DeliveryFormat.Json };
        (await _scene.LookAsync()).Written.ShouldHaveSingleItem().Intervals.ShouldBe(3);
        _scene.TextOf("daily_2026-11-29.json").ShouldStartWith("[{\"meter\":\"m-1\",\"curve\":\"hourly\",");
    }

    /// <summary>Looks, and is killed at a step; false when there are fewer steps.</summary>
    private static async Task<bool> KilledAsync(DeliveryScene scene, int at)
    {
        var steps = 0;
        scene.Step = _ =>
        {
            // From then on nothing more happens, as in a process that is gone.
            if (++steps >= at)
                throw new Killed();
        };
        await scene.LookAsync();
        scene.Step = _ => { };
        return steps >= at;
    }

    private static void Kill(string at, DeliveryScene scene) => scene.Step = step =>
    {
        if (step == at)
            throw new Killed();
    };

    private sealed class Killed : Exception;
}
