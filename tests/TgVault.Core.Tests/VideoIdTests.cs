namespace TgVault.Core.Tests;

public sealed class VideoIdTests
{
    static readonly DateTimeOffset Noon = new(2026, 5, 4, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_text_form_reads_back()
    {
        for (var i = 0; i < 100; i++)
        {
            var id = VideoId.New(Noon.AddMilliseconds(i * 977));

            Assert.Equal(26, id.ToString().Length);
            Assert.Equal(id, VideoId.Parse(id.ToString()));
            Assert.Equal(Noon.AddMilliseconds(i * 977), id.Created);
        }
    }

    [Fact]
    public void Newer_ids_sort_first_as_values_and_as_text()
    {
        var older = VideoId.New(Noon);
        var newer = VideoId.New(Noon.AddMilliseconds(1));

        Assert.True(newer < older);
        Assert.True(string.CompareOrdinal(newer.ToString(), older.ToString()) < 0);
    }

    [Fact]
    public void The_bytes_read_back()
    {
        var id = VideoId.New(Noon);
        var bytes = new byte[VideoId.SizeBytes];

        id.WriteTo(bytes);

        Assert.Equal(id, VideoId.Read(bytes));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0123456789abcdefghjkmnpqr")]
    [InlineData("0123456789abcdefghjkmnpqrst")]
    [InlineData("0123456789abcdefghjkmnpqri")]
    [InlineData("0123456789ABCDEFGHJKMNPQRS")]
    [InlineData("8zzzzzzzzzzzzzzzzzzzzzzzzz")]
    [InlineData("00000000000000000000000000")]
    [InlineData("../../../../../../../../ab")]
    public void Text_that_is_no_id_is_refused(string? text)
    {
        Assert.Null(VideoId.TryParse(text));
    }

    [Fact]
    public void A_blob_gets_the_same_id_each_time_and_another_version_another_one()
    {
        var first = VideoId.ForBlob("film.mp4", "\"0x1\"", Noon);

        Assert.Equal(first, VideoId.ForBlob("film.mp4", "\"0x1\"", Noon));
        Assert.NotEqual(first, VideoId.ForBlob("film.mp4", "\"0x2\"", Noon));
        Assert.NotEqual(first, VideoId.ForBlob("film2.mp4", "\"0x1\"", Noon));
    }
}
