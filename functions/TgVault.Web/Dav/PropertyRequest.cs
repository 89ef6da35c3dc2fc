using System.Collections.Immutable;
using System.Xml;
using Microsoft.AspNetCore.Http;
using TgVault.Web.Http;

namespace TgVault.Web.Dav;

/// <summary>What a PROPFIND asks for (RFC 4918 §14.20).</summary>
/// <param name="Names">These properties; null for all that there are.</param>
/// <param name="IsNamesOnly">Only what the properties are called.</param>
internal sealed record PropertyRequest(ImmutableArray<XmlQualifiedName>? Names, bool IsNamesOnly)
{
    const int MostBytes = 64 << 10;
    const int MostNames = 100;

    static readonly PropertyRequest Everything = new(null, false);

    /// <summary>Reads the body; null where it is not the XML it should be, or longer than any client's is.</summary>
    public static async Task<PropertyRequest?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request, MostBytes, cancellationToken) is not { } bytes)
            return null;
        try
        {
            return bytes.IsEmpty ? Everything : Parse(new MemoryStream(bytes.ToArray()));
        }
        catch (XmlException)
        {
            return null;
        }
    }

    static PropertyRequest? Parse(Stream body)
    {
        // No document type, so nothing is expanded and nothing is fetched.
        using var reader = XmlReader.Create(body, new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null });
        reader.MoveToContent();
        if (reader.LocalName != "propfind" || reader.NamespaceURI != Multistatus.Dav)
            return null;
        PropertyRequest? found = null;
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 1 || reader.NamespaceURI != Multistatus.Dav)
                continue;
            found ??= reader.LocalName switch
            {
                "allprop" => Everything,
                "propname" => new PropertyRequest(null, IsNamesOnly: true),
                "prop" => new PropertyRequest(ReadNames(reader), false),
                _ => null,
            };
        }

        return found;
    }

    static ImmutableArray<XmlQualifiedName> ReadNames(XmlReader reader)
    {
        var names = ImmutableArray.CreateBuilder<XmlQualifiedName>();
        if (reader.IsEmptyElement)
            return [];
        var depth = reader.Depth;
        while (reader.Read() && reader.Depth > depth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.Depth == depth + 1 && names.Count < MostNames)
                names.Add(new XmlQualifiedName(reader.LocalName, reader.NamespaceURI));
        }

        return names.ToImmutable();
    }
}
