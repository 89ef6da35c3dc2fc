using TgVault.Cli.Client.Uploads;

namespace TgVault.Cli.Tests.Client;

public sealed class UploadSourcesTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-sources-").FullName;

    public UploadSourcesTests()
    {
        Write("Movies/b.mkv");
        Write("Movies/a.mp4");
        Write("Movies/poster.jpg");
        Write("Movies/.hidden.mp4");
        Write("Movies/Kids/c.webm");
        Write("Movies/Kids/song.flac");
        Write("Movies/.trash/d.mp4");
        Directory.CreateSymbolicLink(Path.Combine(Movies, "Kids", "loop"), Movies);
    }

    string Movies => Path.Combine(_folder, "Movies");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_folder_keeps_its_name_and_what_lies_below_its_place()
    {
        var sources = UploadSources.Find([Movies + "/"], null, everything: false);

        Assert.Equal(
            ["Movies a.mp4", "Movies b.mkv", "Movies/Kids c.webm", "Movies/Kids song.flac"],
            sources.Found.Select(source => $"{source.Folder} {source.Name}")
        );
        Assert.Equal(
            [".hidden.mp4", "poster.jpg", ".trash", "loop"],
            sources.Skipped.Select(path => Path.GetFileName(path)).OrderBy(name => name is ".trash" or "loop").ThenBy(name => name)
        );
        Assert.Contains("poster.jpg", sources.SkippedLine, StringComparison.Ordinal);
        Assert.Empty(sources.Problems);
    }

    [Fact]
    public void A_wanted_folder_stands_in_place_of_its_name()
    {
        var sources = UploadSources.Find([Movies], "/Films/", everything: false);

        Assert.Equal(["Films", "Films/Kids"], sources.Found.Select(source => source.Folder).Distinct());
    }

    [Fact]
    public void All_files_are_taken_where_that_is_wanted_but_no_link_is_followed()
    {
        var sources = UploadSources.Find([Movies], null, everything: true);

        Assert.Equal(7, sources.Found.Count);
        Assert.Equal(["loop"], sources.Skipped.Select(path => Path.GetFileName(path)));
    }

    [Fact]
    public void A_folder_without_films_is_a_problem_and_keeps_nothing_else_from_going_on()
    {
        var empty = Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName;

        var sources = UploadSources.Find([empty, Path.Combine(Movies, "a.mp4")], null, everything: false);

        Assert.Equal(empty, Assert.Single(sources.Problems).Given);
        Assert.Equal("a.mp4", Assert.Single(sources.Found).Name);
    }

    [Theory]
    [InlineData("https://ann:secret@example.org/films/my%20film.mkv?sig=secret#secret", "my film.mkv")]
    [InlineData("http://example.org/", "example.org")]
    [InlineData("http://example.org/a/b/", "b")]
    public void An_address_is_named_by_its_last_part_and_its_secrets_are_not_said(string url, string name)
    {
        var source = Assert.Single(UploadSources.Find([url], "Films", everything: false).Found);

        Assert.Equal(name, source.Name);
        Assert.Equal("Films", source.Folder);
        Assert.NotNull(source.Url);
        Assert.DoesNotContain("secret", UploadSources.WithoutSecrets(url), StringComparison.Ordinal);
    }

    void Write(string name)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "content");
    }
}
