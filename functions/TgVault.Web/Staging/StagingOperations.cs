using TgVault.Web.Http;

namespace TgVault.Web.Staging;

/// <summary>What the API's description says of upload URLs that lead to the vault itself.</summary>
internal static class StagingOperations
{
    const string Xml = "application/xml";

    static readonly Parameter Name = new("name", "As in the upload URL.");

    static readonly Answer Elsewhere = Answer.Problem(404, "There is no signature, or this vault's upload URLs lead to blob storage.");

    static readonly Answer Refused = Answer.Of(403, "An upload URL only writes, or it is not good any more.", Xml);

    public static Operation PutUpload { get; } =
        new("Takes an upload: Put Blob, Put Block or Put Block List")
        {
            Description =
                "Where `uploadUrl` of a vault on one machine leads. It speaks what clients of Azure's blob storage speak, for block blobs "
                + "only, and is to be used through one of them or as POST /api/uploads says. What it acknowledges is on the disk. Errors "
                + "are XML, with the code in `x-ms-error-code`. All blocks together must have the length that was announced.",
            Parameters =
            [
                Name,
                new("comp", "`block` or `blocklist`; without it, the body is the whole file."),
                new("blockid", "Of a block: base64 of 1 to 64 bytes, all of one length."),
            ],
            Body = RequestContent.Text("The file, a block of it, or the list of its blocks.", "application/octet-stream", Xml),
            Answers =
            [
                new Answer(201, "It is on the disk.") { Headers = [("ETag", "The version, where a blob was made.")] },
                Answer.Of(400, "It cannot be used: a checksum, a block, the list or the length is wrong.", Xml),
                Refused,
                Elsewhere,
                Answer.Of(409, "It has arrived already, or is no block blob.", Xml),
                Answer.Of(411, "The length of the body is not said.", Xml),
                Answer.Of(412, "A condition does not hold.", Xml),
                Answer.Of(413, "It is more than was announced.", Xml),
                Answer.Of(503, "Too much is on its way; try again in a second.", Xml),
                Answer.Of(507, "The disk is full. What arrived is kept; go on when there is room.", Xml),
            ],
        };

    public static Operation ReadUpload { get; } = new("Refuses to read an upload") { Parameters = [Name], Answers = [Refused, Elsewhere] };

    public static Operation DeleteUpload { get; } =
        new("Refuses to remove an upload") { Parameters = [Name], Answers = [Refused, Elsewhere] };

    public static Operation ListUploads { get; } = new("Refuses to list uploads") { Answers = [Refused, Elsewhere] };
}
