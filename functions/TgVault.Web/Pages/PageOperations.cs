using TgVault.Web.Http;

namespace TgVault.Web.Pages;

/// <summary>What the API's description says of pages for people.</summary>
internal static class PageOperations
{
    static readonly Parameter File = new("file", "The file's name.");

    public static Operation ShowApp { get; } =
        new("The web app, for people") { Answers = [Answer.Of(200, "A page.", "text/html"), Answer.Of(304, "It has not changed.")] };

    public static Operation ShowReference { get; } =
        new("This document as a page")
        {
            Description = "For people; it loads nothing from elsewhere.",
            Answers = [Answer.Of(200, "A page.", "text/html"), Answer.Of(304, "It has not changed.")],
        };

    public static Operation ShowAsset { get; } =
        new("A file of the web app whose name has its content's hash")
        {
            Parameters = [File],
            Answers =
            [
                Answer.Of(200, "The file.", "text/javascript", "text/css"),
                Answer.Of(304, "It has not changed."),
                Answer.Problem(404, "There is no such file."),
            ],
        };

    public static Operation ShowAppFile { get; } =
        new("The web app's manifest, and its icons")
        {
            Parameters = [File],
            Answers =
            [
                Answer.Of(200, "The file.", "application/manifest+json", "image/svg+xml", "image/png"),
                Answer.Of(304, "It has not changed."),
                Answer.Problem(404, "There is no such file."),
            ],
        };
}
