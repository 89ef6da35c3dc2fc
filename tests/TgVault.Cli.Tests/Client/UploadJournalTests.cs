using TgVault.Cli.Client;
using TgVault.Cli.Client.Uploads;
using TgVault.Cli.Terminal;

namespace TgVault.Cli.Tests.Client;

public sealed class UploadJournalTests : IDisposable
{
    static readonly Announcement Clip = new("clip.mp4", 100, "video/mp4", "films", ["a", "b"], "");

    readonly string _folder = Directory.CreateTempSubdirectory("tgvault-journal-").FullName;
    readonly FileVersion _file = new("/videos/clip.mp4", 100, new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc));

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_recorded_is_found_again()
    {
        using (var journal = Begin())
        {
            journal.Add(0);
            journal.Add(16);
        }

        using var found = Find();

        Assert.NotNull(found);
        Assert.Equal("id", found.Head.Upload.Id);
        Assert.True(found.IsDone(0));
        Assert.True(found.IsDone(16));
        Assert.False(found.IsDone(8));
    }

    [Fact]
    public void Two_commands_do_not_send_the_same_file_at_once()
    {
        using (UploadJournal.Lock(_folder, "http://vault", _file))
        {
            Assert.Throws<CommandFailedException>(() => UploadJournal.Lock(_folder, "http://vault", _file).Dispose());
            UploadJournal.Lock(_folder, "http://another", _file).Dispose();
        }

        UploadJournal.Lock(_folder, "http://vault", _file).Dispose();
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Fact]
    public void A_line_that_a_crash_cut_short_does_not_count()
    {
        using (var journal = Begin())
            journal.Add(160);
        File.WriteAllText(Path(), File.ReadAllText(Path())[..^2]);

        using var found = Find();

        Assert.False(found!.IsDone(16));
        Assert.False(found.IsDone(160));
    }

    [Fact]
    public void A_file_that_changed_or_another_description_starts_over()
    {
        Begin().Dispose();

        Assert.Null(UploadJournal.Find(_folder, "http://vault", _file with { SizeBytes = 101 }, Clip));
        Assert.Null(UploadJournal.Find(_folder, "http://vault", _file with { Modified = _file.Modified.AddTicks(1) }, Clip));
        Assert.Null(UploadJournal.Find(_folder, "http://vault", _file, Clip with { Tags = ["a"] }));
        Assert.Null(UploadJournal.Find(_folder, "http://other", _file, Clip));
    }

    [Fact]
    public void A_damaged_head_starts_over()
    {
        Begin().Dispose();
        File.WriteAllText(Path(), "{\"server\":\n");

        Assert.Null(Find());
    }

    [Fact]
    public void Only_its_owner_may_read_it_for_it_holds_the_upload_url()
    {
        using var journal = Begin();

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path()));
    }

    [Fact]
    public void A_finished_upload_leaves_nothing()
    {
        Begin().Delete();

        Assert.Empty(Directory.GetFiles(_folder));
    }

    UploadJournal Begin() =>
        UploadJournal.Begin(
            _folder,
            new JournalHead(
                "http://vault",
                _file,
                Clip,
                new Announced("id", new Uri("http://storage/blob?sig=secret"), DateTimeOffset.UnixEpoch),
                8
            )
        );

    UploadJournal? Find() => UploadJournal.Find(_folder, "http://vault", _file, Clip with { Tags = ["a", "b"] });

    string Path() => Directory.GetFiles(_folder).Single();
}
