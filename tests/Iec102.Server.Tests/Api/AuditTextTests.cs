using System.Text.Json.Nodes;
using Iec102.Server.Api;

namespace Iec102.Server.Tests.Api;

/// <summary>What of the body of a call is kept.</summary>
public sealed class AuditTextTests
{
    [Theory]
    [InlineData("null", "")]
    [InlineData("{}", "")]
    [InlineData("""{"what":"current","n":[1,true,null]}""", """{"what":"current","n":[1,true,null]}""")]
    [InlineData("""{"password":12345677,"id":"m-1"}""", """{"password":"***","id":"m-1"}""")]
    [InlineData("""{"meter":{"writePassword":{"a":1},"Api-Key":"x"}}""", """{"meter":{"writePassword":"***","Api-Key":"***"}}""")]
    [InlineData("""["m-1 { password = 7 }"]""", """["***"]""")]
    [InlineData("""{"fleet":"id;port\nm-1;p"}""", """{"fleet":"(13 characters)"}""")]
    [InlineData("""{"set":[{"meter":"m","key":"password","value":"5"}]}""", """{"set":[{"meter":"m","key":"password","value":"***"}]}""")]
    [InlineData("""{"set":[{"meter":"m","key":"name","value":"A"}]}""", """{"set":[{"meter":"m","key":"name","value":"A"}]}""")]
    [InlineData("""{"set":[{"port":"p","key":"tcp","value":"h:1"}]}""", """{"set":[{"port":"p","key":"tcp","value":"h:1"}]}""")]
    [InlineData("""{"set":[{"meter":"m","key":"pasword","value":"5"}]}""", """{"set":[{"meter":"m","key":"pasword","value":"***"}]}""")]
    [InlineData("""{"set":[{"port":"p","key":"init","value":"ATZ"}]}""", """{"set":[{"port":"p","key":"init","value":"***"}]}""")]
    [InlineData("""{"Passwrod":1,"sekret":2,"pass":3}""", """{"Passwrod":"***","sekret":"***","pass":"***"}""")]
    [InlineData("""{"save":true,"to":"2026-01-01","site":"S"}""", """{"save":true,"to":"2026-01-01","site":"S"}""")]
    [InlineData("""{"key":"sesame","value":1}""", """{"key":"***","value":1}""")]
    [InlineData("""{"text":"m-9;North;;p;5;1;7"}""", """{"text":"***"}""")]
    public void Secrets_are_masked_and_of_long_texts_only_the_length_is_kept(string body, string expected) =>
        AuditText.Of(JsonNode.Parse(body)).ShouldBe(expected);

    [Fact]
    public void A_text_that_is_too_long_is_not_kept() =>
        AuditText.Of(new JsonObject { ["note"] = new string('x', 101) }).ShouldBe("""{"note":"(101 characters)"}""");
}
