using System.Diagnostics;
using Telegram.Bot;
using Telegram.Bot.Exceptions;
using TgVault.BotApi.Faults;

namespace TgVault.BotApi.Tests;

public sealed class RestartTests
{
    [Fact(Timeout = 30000)]
    public async Task Documents_ids_and_pins_survive_a_restart()
    {
        await using var standIn = await StandIn.StartAsync();
        var kept = await standIn.SendAsync([1, 2, 3], caption: "it stays");
        var deleted = await standIn.SendAsync([4]);
        await standIn.First.PinChatMessage(StandIn.Channel, kept.Id);
        await standIn.First.DeleteMessage(StandIn.Channel, deleted.Id);
        var link = new Uri(await standIn.LinkAsync(kept.Document!.FileId)).AbsolutePath;

        await standIn.RestartAsync();
        var pinned = (await standIn.First.GetChat(StandIn.Channel)).PinnedMessage!;
        var renewed = new Uri(await standIn.LinkAsync(kept.Document.FileId));
        var next = await standIn.SendAsync([5]);

        Assert.Equal((kept.Id, "it stays", kept.Date), (pinned.Id, pinned.Caption, pinned.Date));
        Assert.Equal([1, 2, 3], await standIn.Http.GetByteArrayAsync(renewed));
        Assert.NotEqual(link, renewed.AbsolutePath);
        Assert.Equal(deleted.Id + 2, next.Id);
        Assert.Equal([false, true, false], standIn.Server.Documents.Select(document => document.IsDeleted));
    }

    [Fact(Timeout = 30000)]
    public async Task A_torn_last_line_and_unfinished_documents_are_forgotten()
    {
        await using var standIn = await StandIn.StartAsync();
        var kept = await standIn.SendAsync([1]);
        await standIn.SendAsync([2]);
        await standIn.Server.DisposeAsync();
        var log = Path.Combine(standIn.Folder, "messages.log");
        await using (var file = File.OpenWrite(log))
            file.SetLength(file.Length - 5);
        await File.WriteAllBytesAsync(Path.Combine(standIn.Folder, "incoming", "half"), [1]);

        await standIn.RestartAsync();
        var next = await standIn.SendAsync([3]);
        await standIn.RestartAsync();

        Assert.Equal([kept.Id, next.Id], standIn.Server.Documents.Select(document => document.MessageId));
        Assert.Equal([3], await standIn.Http.GetByteArrayAsync(await standIn.LinkAsync(next.Document!.FileId)));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(standIn.Folder, "incoming")));
        Assert.Equal(2, Directory.EnumerateFiles(Path.Combine(standIn.Folder, "documents")).Count());
    }

    [Fact(Timeout = 30000)]
    public async Task With_control_it_is_known_also_after_a_restart_which_posts_were_answered_whole()
    {
        await using var standIn = await StandIn.StartAsync(options => options with { Control = true });
        await standIn.SendAsync([1]);
        standIn.Server.Faults.Next(FaultKind.TruncatedBody, "sendDocument");
        await Assert.ThrowsAnyAsync<RequestException>(() => standIn.SendAsync([2]));
        await standIn.First.ForwardMessage(StandIn.Channel, StandIn.Channel, standIn.Server.Documents[0].MessageId);
        // A server that is killed may have written half a line.
        await File.AppendAllTextAsync(Path.Combine(standIn.Folder, "answers.log"), "-100123");

        await standIn.RestartAsync(options => options with { Control = true });
        await standIn.SendAsync([3]);

        Assert.Equal([true, false, true, true], standIn.Server.Documents.Select(document => document.Answered is not null));
    }

    [Fact(Timeout = 30000)]
    public async Task A_second_server_on_the_same_folder_is_refused()
    {
        await using var standIn = await StandIn.StartAsync();

        await Assert.ThrowsAsync<IOException>(() =>
            BotApiServer.StartAsync(
                new BotApiOptions
                {
                    DataDirectory = standIn.Folder,
                    Tokens = ["1:a"],
                    Channels = [-1001],
                },
                CancellationToken.None
            )
        );
    }

    [Fact(Timeout = 60000)]
    public async Task The_command_serves_until_its_input_ends_and_keeps_what_a_killed_one_stored()
    {
        var folder = Directory.CreateTempSubdirectory("botapi-").FullName;
        try
        {
            using var killed = Start(folder);
            var url = await ListeningAsync(killed);
            var message = await Client(url)
                .SendDocument(StandIn.Channel, Telegram.Bot.Types.InputFile.FromStream(new MemoryStream([1, 2])));
            killed.Kill();
            await killed.WaitForExitAsync();

            using var second = Start(folder);
            url = await ListeningAsync(second);
            var file = await Client(url).GetFile(message.Document!.FileId);
            second.StandardInput.Close();
            await second.WaitForExitAsync();

            Assert.Equal(2, file.FileSize);
            Assert.Equal(0, second.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact(Timeout = 60000)]
    public async Task The_command_outlives_the_signals_of_a_terminal_as_long_as_its_owner_holds_its_input()
    {
        var folder = Directory.CreateTempSubdirectory("botapi-").FullName;
        try
        {
            using var child = Start(folder);
            var url = await ListeningAsync(child);
            foreach (var signal in new[] { "-INT", "-TERM", "-HUP" })
            {
                using var kill = Process.Start("kill", [signal, $"{child.Id}"]);
                await kill.WaitForExitAsync();
            }

            var me = await Client(url).GetMe();
            child.StandardInput.Close();
            await child.WaitForExitAsync();

            Assert.True(me.IsBot);
            Assert.Equal(0, child.ExitCode);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static TelegramBotClient Client(string url) => new(new TelegramBotClientOptions(StandIn.FirstToken, url));

    static Process Start(string folder) =>
        Process.Start(
            new ProcessStartInfo("dotnet")
            {
                ArgumentList =
                {
                    Path.Combine(AppContext.BaseDirectory, "TgVault.BotApi.dll"),
                    "--data",
                    folder,
                    "--channel",
                    $"{StandIn.Channel}",
                    "--exit-with-stdin",
                },
                Environment = { ["TGVAULT_BOTAPI_TOKENS"] = StandIn.FirstToken },
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;

    static async Task<string> ListeningAsync(Process process)
    {
        var line = await process.StandardOutput.ReadLineAsync();
        return line!.Split(' ')[^1];
    }
}
