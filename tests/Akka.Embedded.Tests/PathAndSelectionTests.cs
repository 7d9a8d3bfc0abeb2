using Akka.Actor;

namespace Akka.Embedded.Tests;

/// <summary>Names, paths, and finding actors by them.</summary>
public sealed class PathAndSelectionTests : Akka.TestKit.Xunit2.TestKit
{
    private sealed class Node : ReceiveActor
    {
        public Node()
        {
            Receive<(string Make, bool _)>(make => Sender.Tell(Context.ActorOf(Props.Create(() => new Node()), make.Make)));
            Receive<(string Ask, int _)>(about => Sender.Tell(Context.Child(about.Ask)));
            Receive<string>(s => s == "children", _ => Sender.Tell(Context.GetChildren().Select(child => child.Path.Name).Order().ToArray()));
            Receive<string>(s => s.StartsWith("select ", StringComparison.Ordinal), s => Context.ActorSelection(s[7..]).Tell("selected", Sender));
            Receive<string>(_ => Sender.Tell(Self.Path.Name));
        }
    }

    private IActorRef NewNode(string name) => Sys.ActorOf(Props.Create(() => new Node()), name);

    private IActorRef NewChild(IActorRef parent, string name)
    {
        parent.Tell((name, true));
        return ExpectMsg<IActorRef>();
    }

    [Fact]
    public void A_path_names_the_system_and_every_actor_down_to_its_own()
    {
        var child = NewChild(NewNode("a"), "b");
        child.Path.ToString().ShouldBe("akka://test/user/a/b");
        child.Path.ToStringWithoutAddress().ShouldBe("/user/a/b");
        child.Path.Name.ShouldBe("b");
        child.Path.Parent.ToString().ShouldBe("akka://test/user/a");
        child.Path.Root.ToString().ShouldBe("akka://test/");
        child.Path.Elements.ShouldBe(["user", "a", "b"]);
        child.Path.Depth.ShouldBe(3);
        child.Path.Address.ShouldBe(new Address("akka", "test"));
        child.ToString().ShouldBe($"[akka://test/user/a/b#{child.Path.Uid}]");
    }

    [Fact]
    public void A_path_can_be_put_together_and_read_back()
    {
        var path = new RootActorPath(new Address("akka", "test")) / "user" / "a";
        path.ShouldBe(ActorPath.Parse("akka://test/user/a"));
        path.GetHashCode().ShouldBe(ActorPath.Parse("akka://test/user/a").GetHashCode());
        ActorPath.Parse("akka://test/user/a#12").Uid.ShouldBe(12);
        ActorPath.TryParse("/user/a", out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$a")]
    [InlineData("ä")]
    [InlineData("a b")]
    [InlineData("a%2")]
    public void Names_that_are_not_allowed_are_refused(string name) =>
        Should.Throw<InvalidActorNameException>(() => NewNode(name));

    [Theory]
    [InlineData("a-b_c.d")]
    [InlineData("meter-1:LOAD")]
    [InlineData("50%25")]
    public void Names_that_are_allowed_stay_as_they_are(string name) => NewNode(name).Path.Name.ShouldBe(name);

    [Fact]
    public void A_name_can_be_used_once_at_a_time()
    {
        NewNode("once");
        Should.Throw<InvalidActorNameException>(() => NewNode("once"));
    }

    [Fact]
    public void Actors_without_a_name_get_one_each()
    {
        var names = Enumerable.Range(0, 200).Select(_ => Sys.ActorOf<Node>().Path.Name).ToArray();
        names.Distinct().Count().ShouldBe(200);
        names.ShouldAllBe(name => name.StartsWith('$'));
    }

    [Fact]
    public void A_parent_knows_its_children_by_name()
    {
        var parent = NewNode("parent");
        var child = NewChild(parent, "one");
        NewChild(parent, "two");
        parent.Tell(("one", 0));
        ExpectMsg<IActorRef>().ShouldBe(child);
        parent.Tell(("three", 0));
        ExpectMsg<IActorRef>().IsNobody().ShouldBeTrue();
        parent.Tell("children");
        ExpectMsg<string[]>().ShouldBe(["one", "two"]);
    }

    [Theory]
    [InlineData("/user/a/b", "b")]
    [InlineData("akka://test/user/a/b", "b")]
    [InlineData("/user/a/../a/b", "b")]
    [InlineData("/user/?/b", "b")]
    public void A_selection_tells_the_actor_at_the_path(string path, string name)
    {
        NewChild(NewNode("a"), "b");
        Sys.ActorSelection(path).Tell("who", TestActor);
        ExpectMsg(name);
    }

    [Fact]
    public void A_selection_with_wildcards_tells_all_that_match()
    {
        var parent = NewNode("parent");
        foreach (var name in new[] { "port-1", "port-2", "meter-1" }) NewChild(parent, name);
        Sys.ActorSelection("/user/parent/port-*").Tell("who", TestActor);
        ReceiveN(2).ShouldBe(["port-1", "port-2"], ignoreOrder: true);
        ExpectNoMsg(30);
    }

    [Fact]
    public void A_selection_can_begin_at_an_actor()
    {
        var parent = NewNode("parent");
        NewChild(parent, "one");
        NewChild(parent, "two");
        foreach (var path in new[] { "one", "/user/parent/one", "akka://test/user/parent/one", "../parent/one" })
        {
            parent.Tell("select " + path);
            ExpectMsg("one");
        }
        Sys.ActorSelection(parent, "two").Tell("who", TestActor);
        ExpectMsg("two");
    }

    [Fact]
    public async Task A_selection_is_resolved_to_the_living_actor()
    {
        var node = NewNode("there");
        (await Sys.ActorSelection("/user/there").ResolveOne(TimeSpan.FromSeconds(3))).ShouldBe(node);
        await Should.ThrowAsync<ActorNotFoundException>(() => Sys.ActorSelection("/user/nowhere").ResolveOne(TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void What_is_told_to_a_path_without_an_actor_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Akka.Event.DeadLetter));
        Sys.ActorSelection("/user/nowhere").Tell("lost", TestActor);
        var letter = ExpectMsg<Akka.Event.DeadLetter>();
        letter.Message.ShouldBe("lost");
        letter.Recipient.Path.ToString().ShouldBe("akka://test/user/nowhere");
    }

    [Fact]
    public void An_actor_identifies_itself()
    {
        var node = NewNode("me");
        node.Tell(new Identify(7));
        var identity = ExpectMsg<ActorIdentity>();
        identity.MessageId.ShouldBe(7);
        identity.Subject.ShouldBe(node);
    }

    [Fact]
    public void Handles_of_the_same_life_are_equal_and_of_another_are_not()
    {
        var first = Watch(NewNode("x"));
        Sys.Stop(first);
        ExpectTerminated(first);
        IActorRef? second = null;
        AwaitAssert(() => second = NewNode("x"));
        second!.Path.ShouldBe(first.Path);
        second.ShouldNotBe(first);
    }

    [Fact]
    public void The_arguments_of_props_are_taken_when_the_props_are_made()
    {
        var name = "before";
        var props = Props.Create(() => new Named(name));
        name = "after";
        Sys.ActorOf(props).Tell("who");
        ExpectMsg("before");
        Sys.ActorOf(Props.Create<Named>(name)).Tell("who");
        ExpectMsg("after");
        var type = typeof(Named);
        Sys.ActorOf(Props.Create(type, name)).Tell("who");
        ExpectMsg("after");
    }

    private sealed class Named : ReceiveActor
    {
        public Named(string name) => ReceiveAny(_ => Sender.Tell(name));
    }
}
