using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace TgVault.Browser.Tests.Face;

/// <summary>
/// The library's page over many films: found, ordered, chosen and changed, by hand and by keys. <c>TGVAULT_BENCH_FILMS=100000</c> makes it
/// a measurement for a person to read, too: what the vault takes for a page, and what scrolling costs the browser.
/// </summary>
public sealed class LibraryTests(FilledVault filled, ITestOutputHelper output) : IClassFixture<FilledVault>
{
    const int PagesScrolled = 60;

    [Fact(Timeout = 240_000)]
    public async Task A_film_is_found_by_any_of_its_words_and_lists_tell_how_many_they_have()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        // Other tests move some films and remove two.
        var (all, films) = await CountAsync();
        await Assertions.Expect(Count(page)).ToHaveTextAsync($"{all:N0} videos");

        // By its tag and the words of its description, which its name does not have.
        await page.GetByRole(AriaRole.Searchbox).FillAsync("holiday numb 77");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync("Film no77 ");
        await page.GetByRole(AriaRole.Searchbox).FillAsync("nobodyhasthis");
        await page.GetByText("None has words that begin like “nobodyhasthis”").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Clear the filters" }).ClickAsync();

        // A folder is listed with what lies in it, and counted so.
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Films ?[0-9]") }).ClickAsync();
        await Assertions.Expect(Count(page)).ToHaveTextAsync($"{films:N0} videos");
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { Name = "Folders in Films", Exact = true }).ClickAsync();
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^B ?[0-9]") }).ClickAsync();
        await page.WaitForURLAsync("**/?folder=Films%2FB");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync("Film no1 ");

        await page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { NameRegex = new Regex("^All videos") }).ClickAsync();
        await page.GetByLabel("Order").SelectOptionAsync("name");
        await Assertions.Expect(Cards(page).Nth(1)).ToContainTextAsync("Film no1 ");
        await Assertions.Expect(Cards(page).Nth(2)).ToContainTextAsync("Film no2 ");
        // The last film is the longest.
        await page.GetByLabel("Order").SelectOptionAsync("longest");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync($"Film no{filled.Films - 1} ");
        await page.GetByLabel("State").SelectOptionAsync("failed");
        await page.GetByText("No video is in this state").WaitForAsync();
        await Assertions.Expect(page.GetByLabel("Order")).ToBeDisabledAsync();
        Assert.Empty(visitor.Problems);
    }

    [Fact(Timeout = 240_000)]
    public async Task Many_are_chosen_by_mouse_and_keys_moved_tagged_renamed_deleted_and_brought_back()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        await page.GetByRole(AriaRole.Searchbox).FillAsync("tag 7");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync("Film no7 ");
        var bar = page.Locator("selection-bar");

        // The first by its box, up to the third by shift and a click anywhere on it, another one by a plain click.
        await Cards(page).First.HoverAsync();
        await Cards(page).First.GetByRole(AriaRole.Checkbox).ClickAsync();
        await Cards(page).Nth(2).Locator("a").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Cards(page).Nth(4).Locator("a").ClickAsync();
        await Assertions.Expect(bar.GetByRole(AriaRole.Status)).ToHaveTextAsync("4 chosen");

        await bar.GetByRole(AriaRole.Button, new() { Name = "Move", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Folder").FillAsync("Moved/Here");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("4 videos moved.").WaitForAsync();
        await page.GetByRole(AriaRole.Searchbox).FillAsync("");
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Moved ?4") }).ClickAsync();
        await Assertions.Expect(Cards(page)).ToHaveCountAsync(4);

        // Keys alone: all of them, the last one not, tags for the rest.
        await Cards(page).First.Locator("a").FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Space");
        await Assertions.Expect(bar.GetByRole(AriaRole.Status)).ToHaveTextAsync("3 chosen");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Tag", Exact = true }).PressAsync("Enter");
        await page.Keyboard.TypeAsync("fresh, new");
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Take away").FillAsync("holiday");
        await page.Keyboard.PressAsync("Enter");
        await page.GetByText("Tags of 3 videos changed.").WaitForAsync();
        // Of many tags the largest are shown until one asks for all.
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^All [0-9]+ tags") }).ClickAsync();
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^fresh ?3") }).ClickAsync();
        await Assertions.Expect(Cards(page)).ToHaveCountAsync(3);

        // Another name in its place; Escape leaves it as it is.
        await Cards(page).First.Locator("a").FocusAsync();
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.TypeAsync("Not this");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync("Film no7 ");
        await page.Keyboard.PressAsync("F2");
        await page.Keyboard.TypeAsync("Another name");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync("Another name.mkv");

        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Keyboard.PressAsync("Delete");
        await page.GetByText("2 videos in the trash.").WaitForAsync();
        await Assertions.Expect(Cards(page)).ToHaveCountAsync(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await page.GetByText("2 videos restored.").WaitForAsync();
        await Assertions.Expect(Cards(page)).ToHaveCountAsync(3);

        // Out of the trash only after a question.
        await Cards(page).First.Locator("a").FocusAsync();
        await page.Keyboard.PressAsync("Space");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await bar.GetByRole(AriaRole.Button, new() { Name = "Delete", Exact = true }).ClickAsync();
        await page.GetByText("2 videos in the trash.").WaitForAsync();
        await page.Locator("list-nav").GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Trash") }).ClickAsync();
        await page.WaitForURLAsync("**/?status=trashed");
        await Assertions.Expect(Cards(page)).ToHaveCountAsync(2);
        await Cards(page).First.Locator("a").FocusAsync();
        await page.Keyboard.PressAsync("Control+a");
        await page.Keyboard.PressAsync("Delete");
        var question = page.GetByRole(AriaRole.Dialog);
        await Assertions.Expect(question).ToContainTextAsync("Another name.mkv");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Cards(page)).ToHaveCountAsync(2);
        await bar.GetByRole(AriaRole.Button, new() { Name = "Delete for good", Exact = true }).ClickAsync();
        await question.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("for good$") }).ClickAsync();
        await page.GetByText("being removed.").WaitForAsync();
        await page.GetByText("The trash is empty").WaitForAsync();
        Assert.Empty(visitor.Problems);
    }

    [Fact(Timeout = 3_600_000)]
    public async Task However_far_one_scrolls_there_are_few_cards_and_the_way_back_shows_the_same()
    {
        await using var visitor = await ComeAsync();
        var page = visitor.Page;
        var answers = new List<(string Path, double Milliseconds)>();
        page.RequestFinished += (_, request) => answers.Add((new Uri(request.Url).PathAndQuery, request.Timing.ResponseStart));
        var session = await visitor.Context.NewCDPSessionAsync(page);
        var (all, _) = await CountAsync();
        var (most, heaps) = (0, new List<long>());
        var last = 0;
        for (var step = 0; step < PagesScrolled && last + 1 < all; step++)
        {
            // To the end of what is there, as often as more comes.
            var before = last;
            await page.EvaluateAsync("window.scrollTo(0, document.documentElement.scrollHeight)");
            await page.WaitForFunctionAsync(
                "([grid, before]) => Number(grid.shadowRoot.querySelector('li:last-child')?.dataset.index) > before && "
                    + "!grid.shadowRoot.querySelector('.ghost')",
                new object[] { await page.Locator("video-grid").ElementHandleAsync(), before }
            );
            last = await page.Locator("video-grid li").Last.EvaluateAsync<int>("li => Number(li.dataset.index)");
            most = Math.Max(most, await page.Locator("video-grid li").CountAsync());
            if (step % 10 == 9)
                heaps.Add(await HeapAsync(session));
        }

        // The last card drawn is the film at that place: none was left out or twice there on the way.
        await Assertions.Expect(Cards(page).Last).ToContainTextAsync(await NameAtAsync(last));
        Assert.InRange(most, 1, 60);
        await page.EvaluateAsync("window.scrollTo(0, 0)");
        await Assertions.Expect(Cards(page).First).ToContainTextAsync(await NameAtAsync(0));
        Assert.Empty(visitor.Problems);

        var pages = answers.Where(answer => answer.Path.StartsWith("/api/videos?", StringComparison.Ordinal)).ToList();
        output.WriteLine($"{filled.Films} films, scrolled to {last}: at most {most} cards, {pages.Count} requests for pages");
        output.WriteLine($"  heap after every ten pages: {string.Join(", ", heaps.Select(heap => $"{heap >> 10} KiB"))}");
        output.WriteLine($"  answers began after {Spread(pages.Select(answer => answer.Milliseconds))} ms");
        await MeasureAsync("first page", "api/videos?limit=60");
        await MeasureAsync("by name", "api/videos?limit=60&order=name");
        await MeasureAsync("largest first", "api/videos?limit=60&order=largest");
        await MeasureAsync("shortest first in a folder", "api/videos?limit=60&order=shortest&folder=Films&below=true");
        await MeasureAsync("folder with what lies in it", "api/videos?limit=60&folder=Films&below=true");
        await MeasureAsync("search for a word of all", "api/videos?limit=60&search=film");
        await MeasureAsync("search for three words", "api/videos?limit=60&search=holiday%20film%201080p");
        await MeasureAsync("search for one film", "api/videos?limit=60&search=no77");
        await MeasureAsync("counts", "api/lists");
    }

    async Task<Visitor> ComeAsync()
    {
        var visitor = await Visitor.ComeAsync(filled.Chromium);
        await visitor.SignInAsync(filled.Vault);
        await Cards(visitor.Page).First.WaitForAsync();
        return visitor;
    }

    async Task<(int All, int InFilms)> CountAsync()
    {
        var lists = await filled.Vault.Client.GetFromJsonAsync<JsonElement>("api/lists");
        var folder = lists.GetProperty("folders").EnumerateArray().Single(one => one.GetProperty("name").GetString() == "Films");
        return (lists.GetProperty("videos").GetInt32(), folder.GetProperty("below").GetInt32());
    }

    async Task<string> NameAtAsync(int place)
    {
        var continuation = "";
        while (true)
        {
            var page = await filled.Vault.Client.GetFromJsonAsync<JsonElement>($"api/videos?limit=200{continuation}");
            var videos = page.GetProperty("videos");
            if (place < videos.GetArrayLength())
                return videos[place].GetProperty("name").GetString()!;
            place -= videos.GetArrayLength();
            continuation = $"&continuation={page.GetProperty("continuation").GetString()}";
        }
    }

    async Task MeasureAsync(string what, string path)
    {
        var times = new List<double>();
        for (var i = 0; i < 12; i++)
        {
            var clock = Stopwatch.StartNew();
            using var answer = await filled.Vault.Client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.True(answer.IsSuccessStatusCode);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        output.WriteLine($"  {what}: {Spread(times)} ms with the transfer, the first {times[0]:F0} ms");
    }

    static string Spread(IEnumerable<double> times)
    {
        var sorted = times.Order().ToArray();
        return $"{sorted[sorted.Length / 2]:F1} (median), {sorted[^1]:F1} (longest)";
    }

    static async Task<long> HeapAsync(ICDPSession session)
    {
        await session.SendAsync("HeapProfiler.collectGarbage");
        return (long)(await session.SendAsync("Runtime.getHeapUsage"))!.Value.GetProperty("usedSize").GetDouble();
    }

    static ILocator Cards(IPage page) => page.Locator("video-card");

    static ILocator Count(IPage page) => page.Locator(".head [role=status]");
}
