using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Http;

/// <summary>A page of one sentence, for people who open a link in their browser: they are not to read what programs are answered.</summary>
internal interface IWordsPage
{
    /// <param name="words">For a person.</param>
    /// <param name="status">What it is answered with.</param>
    IResult Of(string words, int status);
}
