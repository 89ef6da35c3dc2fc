using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using TgVault.Core.Library.Search;
using TgVault.Core.Rows;
using TgVault.Core.Rows.Sqlite;
using TgVault.Core.Videos;

namespace TgVault.Core.Library.Lists;

/// <summary>
/// Search by FTS5, which follows the rows of videos in their own transactions. FTS5 has the same beginnings of words as tokens that listing
/// entries have, and keeps for each the numbers of videos in their order: so a page costs a page, however common the word. It neither
/// splits nor folds nor keeps texts.
/// </summary>
/// <remarks>
/// FTS5 numbers with 63 bits, and ids have 128: the number is an id's beginning, its place. The few videos that may share one have one
/// entry with the words of all, and their own words beside it, in <c>search_videos</c>.
/// </remarks>
/// <param name="store">Where the rows are.</param>
/// <param name="rowKey">The key of a video's row.</param>
/// <param name="detailsOf">What a video's row says of it.</param>
sealed class SqliteSearch(SqliteRowStore store, string rowKey, Func<Row, VideoDetails> detailsOf) : ISearchIndex, IRowFollower
{
    /// <summary>Only for whether a token is there: neither where, nor the text (sqlite.org/fts5.html, 4.4 and 4.6).</summary>
    const string MakeWords = """
        CREATE VIRTUAL TABLE search_words
        USING fts5(beginnings, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii')
        """;

    const string MakeVideos = """
        CREATE TABLE search_videos (
            place INTEGER NOT NULL,
            id TEXT NOT NULL,
            digest INTEGER NOT NULL,
            words TEXT NOT NULL,
            PRIMARY KEY (place, id)
        ) STRICT, WITHOUT ROWID
        """;

    const string FindVideos = "SELECT 1 FROM sqlite_schema WHERE name = 'search_videos'";
    const string FindDigest = "SELECT digest FROM search_videos WHERE place = $1 AND id = $2";
    const string PutVideo = "INSERT OR REPLACE INTO search_videos VALUES ($1, $2, $3, $4)";
    const string DeleteVideo = "DELETE FROM search_videos WHERE place = $1 AND id = $2";
    const string WordsAt = "SELECT words FROM search_videos WHERE place = $1";
    const string PutWords = "INSERT OR REPLACE INTO search_words (rowid, beginnings) VALUES ($1, $2)";
    const string DeleteWords = "DELETE FROM search_words WHERE rowid = $1";

    // The limit within keeps FTS5 from going on; outside of it there are few rows to sort.
    internal const string List = """
        SELECT id FROM
            (SELECT rowid AS place FROM search_words WHERE search_words MATCH $1 AND rowid >= $2 ORDER BY rowid LIMIT $3)
            CROSS JOIN search_videos USING (place)
        WHERE id > $4 ORDER BY place, id
        """;

    public string Name => "fts";

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        var listing = store.Rows(VaultTables.Listing);
        await store.WriteAsync(
            (session, _) =>
            {
                if (session.Scalar(FindVideos) is not null)
                    return false;
                session.Execute(MakeWords);
                session.Execute(MakeVideos);
                // Rows that were copied from another database may say that all is indexed there.
                return listing.Delete(session, Indexing.Partition, Name, version: null);
            },
            cancellationToken
        );
        store.Follow(VaultTables.Videos, this);
    }

    public IEnumerable<Listing> ListingsOf(VideoDetails details) => [];

    public IEnumerable<IVideoList> ListsOf(SearchTerms terms) => [new Found(store, terms)];

    public Task IndexAsync(IReadOnlyCollection<VideoId> ids, CancellationToken cancellationToken)
    {
        var videos = store.Rows(VaultTables.Videos);
        return store.WriteAsync(
            (session, _) =>
            {
                foreach (var id in ids)
                {
                    if (videos.Find(session, id.ToString(), rowKey, columns: null) is { } row)
                        Written(session, row);
                }

                return true;
            },
            cancellationToken
        );
    }

    public void Written(SqliteSession session, Row row)
    {
        var details = detailsOf(row);
        var (place, digest) = (PlaceOf(VideoId.Parse(row.Partition)), DigestOf(details));
        // Most writes of a row are about its progress.
        if (IsUpToDate(session, place, row.Partition, digest))
            return;
        session[PutVideo].Execute(place, row.Partition, digest, string.Join(' ', VideoWords.Of(details)));
        WriteWords(session, place);
    }

    public void Removed(SqliteSession session, string partition, string key)
    {
        var place = PlaceOf(VideoId.Parse(partition));
        if (session[DeleteVideo].Execute(place, partition) > 0)
            WriteWords(session, place);
    }

    /// <summary>What FTS5 is asked. Within quotes a token is nothing but itself; words have letters, numbers and symbols only.</summary>
    internal static string QueryOf(SearchTerms terms) =>
        string.Join(
            " AND ",
            terms.Wanted.Select(VideoWords.Beginning).Distinct(StringComparer.Ordinal).Select(beginning => $"\"{beginning}\"")
        );

    static bool IsUpToDate(SqliteSession session, long place, string id, long digest)
    {
        using var reader = session[FindDigest].Read(place, id);
        return reader.Read() && reader.GetInt64(0) == digest;
    }

    /// <summary>Gives a place the words of all videos that are there.</summary>
    static void WriteWords(SqliteSession session, long place)
    {
        var words = new List<string>();
        using (var reader = session[WordsAt].Read(place))
        {
            while (reader.Read())
                words.AddRange(reader.GetString(0).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        }

        if (words.Count > 0)
            session[PutWords].Execute(place, string.Join(' ', VideoWords.Beginnings(words)));
        else
            session[DeleteWords].Execute(place);
    }

    static long PlaceOf(VideoId id)
    {
        Span<byte> bytes = stackalloc byte[VideoId.SizeBytes];
        id.WriteTo(bytes);
        return (long)(BinaryPrimitives.ReadUInt64BigEndian(bytes) >> 1);
    }

    /// <summary>Of all that decides what the index has for a video.</summary>
    static long DigestOf(VideoDetails details)
    {
        string[] texts = [$"{Indexing.Version}", details.Name, details.Folder, .. details.Tags, details.Description];
        return BinaryPrimitives.ReadInt64BigEndian(
            SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(texts.Select(text => $"{text.Length}:{text}"))))
        );
    }

    /// <summary>What FTS5 finds for these words, all of them.</summary>
    sealed class Found(SqliteRowStore store, SearchTerms terms) : IVideoList
    {
        readonly string _query = QueryOf(terms);

        public Task<(VideoId[] Ids, bool More)> ReadAsync(VideoId? after, int count, CancellationToken cancellationToken) =>
            store.ReadAsync(session => Read(session, after, count), cancellationToken);

        public bool Has(Video video) => terms.Match(video.Details);

        // There is nothing to sweep: it follows the rows.
        public Task<bool> SweepAsync(VideoId id, CancellationToken cancellationToken) => Task.FromResult(false);

        (VideoId[] Ids, bool More) Read(SqliteSession session, VideoId? after, int count)
        {
            // One place more than is asked for tells whether there are more; another may have nothing behind the last id.
            var places = count + 2;
            var (first, last) = after is { } id ? (PlaceOf(id), id.ToString()) : (0, "");
            using var reader = session[List].Read(_query, first, places, last);
            var ids = new List<VideoId>(places);
            while (ids.Count <= count && reader.Read())
                ids.Add(VideoId.Parse(reader.GetString(0)));
            return ([.. ids.Take(count)], ids.Count > count);
        }
    }
}
