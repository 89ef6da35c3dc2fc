using TgVault.Web.Http;
using TgVault.Web.Http.Problems;

namespace TgVault.Web.Uploads;

/// <summary>What the API's description says of upload tickets.</summary>
internal static class TicketOperations
{
    static readonly Parameter Ticket = new("ticket", "What the ticket's address ends in; a secret.");

    public static Operation MakeTicket { get; } =
        new("Makes a ticket: a permission to upload one file, for a page that has no API key")
        {
            Description =
                "A site's backend asks for it and hands its `url` to a browser. The page posts name and size there and gets an upload URL. "
                + "The same file again gets the same video; another file is refused.",
            Body = RequestContent.Json<NewTicket>(),
            Answers = [Answer.Json<TicketView>(201, "The ticket, whose address is told this once.")],
        };

    public static Operation RemoveTicket { get; } =
        new("Ends a ticket; what was uploaded with it stays")
        {
            Parameters = [new("id", "The id of a ticket.")],
            Answers = [Answer.Of(204, "Ended."), Answer.Problem(404, "There is no such ticket.")],
        };

    public static Operation UseTicket { get; } =
        new("Announces the file of a ticket and gives the URL to send the bytes to; from any site's page")
        {
            Parameters = [Ticket],
            Body = RequestContent.Json<TicketFile>(),
            Answers =
            [
                Answer.Json<TicketUploadView>(200, "Announced, now or before."),
                Answer.Problem(404, "There is no such ticket."),
                Answer.Problem(409, "It was used for another file, or its video was removed.", ProblemCode.TicketUsed),
                Answer.Problem(410, "It has expired.", ProblemCode.TicketExpired),
                Answer.Problem(413, "The file is larger than the ticket allows, or the body than 64 KiB."),
                Answer.Problem(415, "The file is of no kind that the ticket allows, or the body is not JSON."),
            ],
        };

    public static Operation ShowTicket { get; } =
        new("Shows what a ticket permits, and what became of its file; for any site's page")
        {
            Parameters = [Ticket],
            Answers = [Answer.Json<TicketStateView>(200, "The ticket."), Answer.Problem(404, "There is no such ticket.")],
        };

    public static Operation FollowTicket { get; } =
        new("Follows what becomes of a ticket's file, as server-sent events; for any site's page")
        {
            Description =
                "Events are called `video`, or `removed`; each holds the video as a ticket shows it. They end once it is ready or failed.",
            Parameters = [Ticket],
            Answers =
            [
                Answer.Events<TicketVideoView>("Events until the video is ready, failed or gone."),
                Answer.Problem(404, "There is no such ticket."),
                Answer.Problem(409, "It was not used, or its video was removed.", ProblemCode.NotReady),
            ],
        };
}
