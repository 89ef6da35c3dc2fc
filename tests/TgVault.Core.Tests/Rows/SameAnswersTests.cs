using System.Globalization;
using TgVault.Core.Rows;
using TgVault.Core.Tests.Rows.Sqlite;
using TgVault.Testing;

namespace TgVault.Core.Tests.Rows;

/// <summary>
/// The same calls, chosen at random, to Table Storage and to SQLite: every answer and all that is left must be the same. Versions differ by
/// nature; they are compared by who has which.
/// </summary>
[Collection(AzuriteCollection.Name)]
public sealed class SameAnswersTests(AzuriteFixture azurite) : IDisposable
{
    const int Calls = 2000;

    readonly SqliteFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory(Timeout = 300_000)]
    [InlineData(1)]
    [InlineData(20_261_128)]
    public async Task Both_stores_answer_the_same_to_the_same_calls(int seed)
    {
        var (expected, actual) = (new Subject(await TableOf(TableRowsTests.StoreIn(azurite))), new Subject(await TableOf(_folder.Open())));
        var random = new Random(seed);
        var answers = new HashSet<string>();
        for (var number = 0; number < Calls; number++)
        {
            var call = RandomCall.Choose(random);
            var (one, other) = (await expected.AnswerAsync(call), await actual.AnswerAsync(call));
            if (one != other)
                Assert.Fail($"Call {number} of seed {seed}, {call}: Table Storage answers {one}, SQLite {other}.");
            answers.Add($"{call.Kind} {one.Split(' ')[0]}");
        }

        Assert.Equal(await expected.AllAsync(), await actual.AllAsync());
        // Three kinds of call have one answer, six have two. Were one missing, the run would show less than it seems to.
        Assert.Equal(3 + (6 * 2), answers.Count);
    }

    /// <summary>
    /// Many at once, each on keys of its own but in shared partitions, so that each one's answers are known whatever the order of all.
    /// </summary>
    [Fact(Timeout = 300_000)]
    public async Task Both_stores_answer_the_same_to_many_callers_at_once()
    {
        var (expected, actual) = (await TableOf(TableRowsTests.StoreIn(azurite)), await TableOf(_folder.Open()));

        var logs = await Task.WhenAll(Enumerable.Range(0, 8).Select(caller => Task.Run(() => RunAsync(caller))));

        Assert.All(logs, log => Assert.Equal(log.Expected, log.Actual));
        Assert.Equal(await new Subject(expected).AllAsync(), await new Subject(actual).AllAsync());

        async Task<(string Expected, string Actual)> RunAsync(int caller)
        {
            var calls = new Random(caller);
            var (one, other) = (new Subject(expected, $"c{caller}-"), new Subject(actual, $"c{caller}-"));
            var (oneLog, otherLog) = (new List<string>(), new List<string>());
            for (var number = 0; number < 120; number++)
            {
                // Of what lies in a range others' rows come and go.
                var call = RandomCall.Choose(calls, withRanges: false);
                var pair = (one.AnswerAsync(call), other.AnswerAsync(call));
                oneLog.Add(await pair.Item1);
                otherLog.Add(await pair.Item2);
            }

            return (string.Join('\n', oneLog), string.Join('\n', otherLog));
        }
    }

    static async Task<IRowTable> TableOf(IRowStore store)
    {
        var table = store.Table("things");
        await table.CreateAsync(CancellationToken.None);
        return table;
    }

    /// <summary>One store, and the versions that it gave, by number in the order in which they came.</summary>
    sealed class Subject(IRowTable table, string ownKeys = "")
    {
        static CancellationToken None => CancellationToken.None;

        readonly List<string> _versions = [];

        public async Task<string> AnswerAsync(RandomCall call)
        {
            var row = call.Row(ownKeys);
            switch (call.Kind)
            {
                case CallKind.Insert:
                    return Version(await table.TryInsertAsync(row, None));
                case CallKind.Put:
                    return Version(await table.PutAsync(row, None));
                case CallKind.Replace:
                    return Version(await table.TryReplaceAsync(row, await VersionFor(call, row), None));
                case CallKind.Delete:
                    await table.DeleteAsync(row.Partition, row.Key, None);
                    return "done";
                case CallKind.TryDelete:
                    return (await table.TryDeleteAsync(row.Partition, row.Key, await VersionFor(call, row), None)).ToString();
                case CallKind.Find:
                    return Describe(await table.FindAsync(row.Partition, row.Key, call.Columns, None));
                case CallKind.Batch:
                    return (await table.TryChangeAsync(await Changes(call), None)).ToString();
                case CallKind.DeleteRange:
                    await table.DeleteRangeAsync(call.Range(), None);
                    return "done";
                default:
                    var rows = await table.ListAsync(call.Range(), call.PageRows, call.Columns, None).ToListAsync();
                    return rows.Count == 0 ? "none" : "some " + string.Join('\n', rows.Select(Describe));
            }
        }

        public async Task<string> AllAsync() =>
            string.Join('\n', (await table.ListAsync(RowRange.All, 100, null, None).ToListAsync()).Select(Describe));

        async Task<List<RowChange>> Changes(RandomCall call)
        {
            var changes = new List<RowChange>();
            foreach (var (kind, row) in call.Batch(ownKeys))
            {
                var withVersion = kind == RowChangeKind.Replace || (kind == RowChangeKind.Delete && call.Salt % 2 == 0);
                changes.Add(new RowChange(kind, row, withVersion ? await VersionFor(call, row) : null));
            }

            return changes;
        }

        /// <summary>Mostly the version that the row has; sometimes one that some row had.</summary>
        async Task<string> VersionFor(RandomCall call, Row row)
        {
            var current = await table.FindAsync(row.Partition, row.Key, [], None);
            if (_versions.Count == 0)
                _versions.Add(await table.PutAsync(new Row("first", $"{ownKeys}v"), None));
            return current is not null && call.Salt % 4 != 0 ? current.Version : _versions[call.Salt % _versions.Count];
        }

        string Version(string? version)
        {
            if (version is null)
                return "null";
            Assert.DoesNotContain(version, _versions);
            _versions.Add(version);
            return $"version {_versions.Count.ToString(CultureInfo.InvariantCulture)}";
        }

        string Describe(Row? row) =>
            row is null
                ? "null"
                // Rows that batches wrote have versions that only reading tells.
                : $"row {row.Partition} {row.Key} {_versions.IndexOf(row.Version)} {RowContract.Describe(row)}";
    }
}
