using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;
using TgVault.Web.Http;

namespace TgVault.Web.Pages;

/// <summary>A page of one sentence, in place of what cannot be shown. It stands in frames of any site, and loads nothing.</summary>
internal sealed class WordsPage : IWordsPage
{
    IResult IWordsPage.Of(string words, int status) => Answer(words, status);

    /// <param name="words">For a person.</param>
    /// <param name="status">What it is answered with.</param>
    /// <param name="refreshSeconds">When to look again by itself; 0: never.</param>
    public static IResult Answer(string words, int status, int refreshSeconds = 0) =>
        new PageResult(Write(words, refreshSeconds), PagePolicies.Words, status) { IsKept = false };

    static string Write(string words, int refreshSeconds) =>
        $$"""
            <!doctype html>
            <html lang="en">
            <meta charset="utf-8">
            <title>TgVault</title>
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            {{(refreshSeconds > 0 ? $"<meta http-equiv=\"refresh\" content=\"{refreshSeconds}\">" : "")}}
            <style>
              html, body { height: 100%; margin: 0 }
              body { display: grid; place-items: center; background: #111418; color: #eef1f5; font: 1rem/1.5 system-ui, sans-serif }
              main { max-width: 34rem; padding: 1.5rem; text-align: center; text-wrap: balance }
              h1 { font: inherit; margin: 0 }
            </style>
            <main><h1>{{HtmlEncoder.Default.Encode(words)}}</h1></main>
            </html>
            """;
}
