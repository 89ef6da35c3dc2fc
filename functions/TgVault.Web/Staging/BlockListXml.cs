using System.Xml;
using TgVault.Core.Staging.Folder;

namespace TgVault.Web.Staging;

/// <summary>Reads the body of Put Block List.</summary>
internal static class BlockListXml
{
    /// <summary>Room for more blocks than a blob has, with ids of the longest.</summary>
    public const int MaxBytes = 16 << 20;

    const int MostBlocks = 50_000;

    static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
        MaxCharactersInDocument = MaxBytes,
    };

    /// <summary>Null where it is no block list.</summary>
    /// <exception cref="UploadRefusedException">It has too many blocks.</exception>
    public static List<ListedBlock>? TryRead(Stream body)
    {
        var blocks = new List<ListedBlock>();
        try
        {
            using var reader = XmlReader.Create(body, Settings);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != "BlockList")
                return null;
            if (reader.IsEmptyElement)
                return blocks;
            reader.ReadStartElement();
            while (reader.MoveToContent() == XmlNodeType.Element)
            {
                BlockSource? source = reader.LocalName switch
                {
                    "Committed" => BlockSource.Committed,
                    "Uncommitted" => BlockSource.Uncommitted,
                    "Latest" => BlockSource.Latest,
                    _ => null,
                };
                if (source is not { } from)
                    return null;
                if (blocks.Count == MostBlocks)
                    throw new UploadRefusedException(UploadRefusal.TooManyBlocks, $"A blob has at most {MostBlocks} blocks.");
                blocks.Add(new ListedBlock(from, reader.ReadElementContentAsString().Trim()));
            }

            return reader.NodeType == XmlNodeType.EndElement ? blocks : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
