using System.ClientModel;
using ApiKeyAuth.IntegrationTests.Processes;
using OpenAI;
using OpenAI.Chat;

namespace ApiKeyAuth.IntegrationTests.Samples.AiGateway;

/// <summary>The official clients, which take the gateway for a model's own address.</summary>
internal sealed class OpenAiClientTests
{
    private const string Question = "What is AI?";

    private static string Address => AiGatewaySample.Running.Address + "/deepseek/deepseek-chat";

    [Test]
    public async Task DotNet_Chat_IsAnswered()
    {
        var answer = await Client(AiGatewaySample.Running.Export("GATEWAY_TOKEN")).CompleteChatAsync(new UserChatMessage(Question));
        Assert.That(answer.Value.Content[0].Text, Is.EqualTo("You asked: " + Question));
    }

    [Test]
    public async Task DotNet_Streaming_GivesEveryWord()
    {
        var words = new List<string>();
        await foreach (
            var update in Client(AiGatewaySample.Running.Export("GATEWAY_TOKEN")).CompleteChatStreamingAsync(new UserChatMessage(Question)))
        {
            words.AddRange(update.ContentUpdate.Select(part => part.Text));
        }

        Assert.That(words, Is.EqualTo(new[] { "You ", "asked: ", "What ", "is ", "AI? " }));
    }

    [Test]
    public void DotNet_WithAWrongToken_SaysWhy()
    {
        var rejected = Assert.ThrowsAsync<ClientResultException>(() => Client("wrong").CompleteChatAsync(new UserChatMessage(Question)));
        Assert.That((rejected!.Status, rejected.GetRawResponse()!.Content.ToString()), Is.EqualTo((401, "Invalid authentication token.")));
    }

    [Test]
    public async Task Npm_ChatAndStreamingAndAWrongToken_AreAsTheClientExpects()
    {
        var npm = await NpmFolder.InstalledAsync();
        var file = await npm.WriteAsync(".mjs", """
            import OpenAI from 'openai';
            const client = apiKey => new OpenAI({ apiKey, baseURL: process.env.GATEWAY, maxRetries: 0 });
            const question = { model: 'deepseek-chat', messages: [{ role: 'user', content: 'What is AI?' }] };
            const answer = await client(process.env.TOKEN).chat.completions.create(question);
            console.log(answer.choices[0].message.content);
            const words = [];
            for await (const chunk of await client(process.env.TOKEN).chat.completions.create({ ...question, stream: true })) words.push(chunk.choices[0].delta.content ?? '');
            console.log(words.join('|'));
            await client('wrong').chat.completions.create(question).catch(error => console.log(error.constructor.name, error.message));
            """);

        var (exitCode, output) = await RunningProcess.RunAsync(
            "node", [file], npm.Location,
            new Dictionary<string, string?> { ["GATEWAY"] = Address, ["TOKEN"] = AiGatewaySample.Running.Export("GATEWAY_TOKEN") });

        Assert.That(exitCode, Is.Zero, output);
        Assert.That(output.Trim().Split('\n'), Is.EqualTo(new[]
        {
            "You asked: What is AI?", "You |asked: |What |is |AI? |", "AuthenticationError 401 Invalid authentication token.",
        }));
    }

    private static ChatClient Client(string token) =>
        new("deepseek-chat", new ApiKeyCredential(token), new OpenAIClientOptions { Endpoint = new Uri(Address) });
}
