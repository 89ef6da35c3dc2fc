using Telegram.Bot;
using Telegram.Bot.Exceptions;
using Telegram.Bot.Types;

namespace TgVault.BotApi.Tests;

public sealed class ChannelTests
{
    [Theory(Timeout = 30000)]
    [InlineData(48 * 3600 - 30, true)]
    [InlineData(48 * 3600 + 1, false)]
    public async Task A_message_can_be_deleted_for_48_hours(int age, bool deletable)
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync([1]);
        standIn.Server.Clock.Advance(TimeSpan.FromSeconds(age));

        var refusal = await Record.ExceptionAsync(() => standIn.First.DeleteMessage(StandIn.Channel, message.Id));

        Assert.Equal(deletable ? null : "Bad Request: message can't be deleted", refusal?.Message);
        Assert.Equal(deletable, standIn.Server.Documents.Single().IsDeleted);
    }

    [Fact(Timeout = 30000)]
    public async Task A_deleted_document_stays_readable_by_file_id_and_cannot_be_deleted_twice()
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync([7]);

        await standIn.First.DeleteMessage(StandIn.Channel, message.Id);
        var again = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.DeleteMessage(StandIn.Channel, message.Id));
        var forwarding = await Assert.ThrowsAsync<ApiRequestException>(() =>
            standIn.First.ForwardMessage(StandIn.Channel, StandIn.Channel, message.Id)
        );

        Assert.Equal("Bad Request: message to delete not found", again.Message);
        Assert.Equal("Bad Request: message to forward not found", forwarding.Message);
        Assert.Equal([7], await standIn.Http.GetByteArrayAsync(await standIn.LinkAsync(message.Document!.FileId)));
    }

    [Fact(Timeout = 30000)]
    public async Task Space_is_reclaimed_with_the_last_message_that_shows_a_document_if_asked_for()
    {
        await using var standIn = await StandIn.StartAsync(options => options with { ReclaimDeleted = true });
        var message = await standIn.SendAsync([7]);
        var copy = await standIn.First.ForwardMessage(StandIn.Channel, StandIn.Channel, message.Id);
        var path = standIn.Server.Documents[0].Path;

        await standIn.First.DeleteMessage(StandIn.Channel, message.Id);
        Assert.True(File.Exists(path));
        await standIn.First.DeleteMessage(StandIn.Channel, copy.Id);

        Assert.False(File.Exists(path));
    }

    [Fact(Timeout = 30000)]
    public async Task Deleting_several_skips_unknown_ids_and_fails_whole_for_one_too_old()
    {
        await using var standIn = await StandIn.StartAsync();
        var old = await standIn.SendAsync([1]);
        standIn.Server.Clock.Advance(TimeSpan.FromHours(49));
        var young = await standIn.SendAsync([2]);

        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() =>
            standIn.First.DeleteMessages(StandIn.Channel, [young.Id, old.Id])
        );
        Assert.DoesNotContain(standIn.Server.Documents, document => document.IsDeleted);
        await standIn.First.DeleteMessages(StandIn.Channel, [young.Id, 9999]);
        var none = await Assert.ThrowsAsync<ApiRequestException>(() =>
            standIn.First.DeleteMessages(StandIn.Channel, Enumerable.Range(1, 101))
        );

        Assert.Equal("Bad Request: message can't be deleted", refusal.Message);
        Assert.Equal("Bad Request: too many message identifiers specified", none.Message);
        Assert.Equal([false, true], standIn.Server.Documents.Select(document => document.IsDeleted));
    }

    [Fact(Timeout = 30000)]
    public async Task The_pinned_message_is_the_newest_sent_not_the_one_pinned_last()
    {
        await using var standIn = await StandIn.StartAsync();
        Assert.Null((await standIn.First.GetChat(StandIn.Channel)).PinnedMessage);
        var older = await standIn.SendAsync([1]);
        standIn.Server.Clock.Advance(TimeSpan.FromSeconds(5));
        var newer = await standIn.SendAsync([2]);

        await standIn.First.PinChatMessage(StandIn.Channel, newer.Id);
        await standIn.First.PinChatMessage(StandIn.Channel, older.Id);
        var pinned = (await standIn.Second.GetChat(StandIn.Channel)).PinnedMessage!;
        Assert.Equal(newer.Id, pinned.Id);
        Assert.Equal(1, (await standIn.Second.GetFile(pinned.Document!.FileId)).FileSize);
        await standIn.First.UnpinChatMessage(StandIn.Channel);
        Assert.Equal(older.Id, (await standIn.First.GetChat(StandIn.Channel)).PinnedMessage!.Id);
        await standIn.First.DeleteMessage(StandIn.Channel, older.Id);

        Assert.Null((await standIn.First.GetChat(StandIn.Channel)).PinnedMessage);
        var none = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.UnpinChatMessage(StandIn.Channel));
        Assert.Equal("Bad Request: message to unpin not found", none.Message);
    }

    [Fact(Timeout = 30000)]
    public async Task Rights_show_in_getChatMember_and_are_asked_for()
    {
        await using var standIn = await StandIn.StartAsync();
        var message = await standIn.SendAsync([1]);
        var before = Assert.IsType<ChatMemberAdministrator>(await standIn.First.GetChatMember(StandIn.Channel, 111));
        standIn.Server.Members.Set(111, StandIn.Channel, BotRights.Member | BotRights.Post);

        var after = Assert.IsType<ChatMemberAdministrator>(await standIn.First.GetChatMember(StandIn.Channel, 111));
        var refusal = await Assert.ThrowsAsync<ApiRequestException>(() => standIn.First.PinChatMessage(StandIn.Channel, message.Id));

        Assert.True(before.CanPostMessages && before.CanEditMessages && before.CanDeleteMessages);
        Assert.Equal((true, false, false), (after.CanPostMessages, after.CanEditMessages, after.CanDeleteMessages));
        Assert.Equal("Bad Request: not enough rights to manage pinned messages in the chat", refusal.Message);
    }
}
