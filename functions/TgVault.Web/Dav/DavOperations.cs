using TgVault.Web.Http;

namespace TgVault.Web.Dav;

/// <summary>What the API's description says of WebDAV.</summary>
internal static class DavOperations
{
    public static Operation Browse { get; } =
        new("The library for apps that open a WebDAV address: class 1 of RFC 4918, for reading")
        {
            Description =
                "Folders are collections, ready videos are files. The password is a named API key for reading, with any user name. "
                + "PROPFIND, which this description cannot name, takes a depth of 0 or 1.",
            Parameters = [new("path", "Names of folders, and of a file, with slashes between; empty for the top.")],
            Answers =
            [
                Answer.Of(200, "The file's bytes.", "video/mp4"),
                Answer.Of(206, "A range of them.", "video/mp4"),
                Answer.Problem(404, "Nothing is there."),
                Answer.Problem(416, "The file ends before the range begins."),
            ],
        };
}
