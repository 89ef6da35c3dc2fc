using System.Globalization;
using System.Text;
using System.Xml;
using Microsoft.AspNetCore.Http;

namespace TgVault.Web.Dav;

/// <summary>Writes the answer to a PROPFIND (RFC 4918 §14.16) while it is sent, so that a large folder takes no memory.</summary>
internal sealed class Multistatus(HttpResponse response, PropertyRequest asked)
{
    public const string Dav = "DAV:";

    static readonly XmlWriterSettings Fragment = new() { ConformanceLevel = ConformanceLevel.Fragment, OmitXmlDeclaration = true };

    public async Task BeginAsync(CancellationToken cancellationToken)
    {
        response.StatusCode = StatusCodes.Status207MultiStatus;
        response.ContentType = "application/xml; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        await response.WriteAsync("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<D:multistatus xmlns:D=\"DAV:\">", cancellationToken);
    }

    public Task WriteFolderAsync(string href, string name, CancellationToken cancellationToken) =>
        WriteAsync(
            href,
            [("resourcetype", writer => writer.WriteElementString("D", "collection", Dav, null)), Text("displayname", name)],
            cancellationToken
        );

    public Task WriteFileAsync(string href, DavFile file, CancellationToken cancellationToken) =>
        WriteAsync(
            href,
            [
                ("resourcetype", _ => { }),
                Text("displayname", file.Name),
                Text("getcontentlength", file.LengthBytes.ToString(CultureInfo.InvariantCulture)),
                Text("getcontenttype", file.ContentType),
                Text("getlastmodified", file.Modified.ToString("R", CultureInfo.InvariantCulture)),
                Text("creationdate", file.Created.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)),
                Text("getetag", file.ETag),
            ],
            cancellationToken
        );

    public Task EndAsync(CancellationToken cancellationToken) => response.WriteAsync("</D:multistatus>", cancellationToken);

    static (string, Action<XmlWriter>) Text(string name, string value) => (name, writer => writer.WriteString(value));

    async Task WriteAsync(string href, (string Name, Action<XmlWriter> Write)[] properties, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        using (var writer = XmlWriter.Create(text, Fragment))
        {
            writer.WriteStartElement("D", "response", Dav);
            writer.WriteElementString("D", "href", Dav, href);
            var wanted = properties.Where(property =>
                asked.Names is not { } names || names.Contains(new XmlQualifiedName(property.Name, Dav))
            );
            WriteStatus(writer, "200 OK", wanted.ToArray());
            var missing = asked.Names?.Where(name => name.Namespace != Dav || !properties.Any(property => property.Name == name.Name));
            if (missing?.ToArray() is { Length: > 0 } absent)
                WriteAbsent(writer, absent);
            writer.WriteEndElement();
        }

        await response.WriteAsync(text.ToString(), cancellationToken);
    }

    void WriteStatus(XmlWriter writer, string status, (string Name, Action<XmlWriter> Write)[] properties)
    {
        writer.WriteStartElement("D", "propstat", Dav);
        writer.WriteStartElement("D", "prop", Dav);
        foreach (var (name, write) in properties)
        {
            writer.WriteStartElement("D", name, Dav);
            if (!asked.IsNamesOnly)
                write(writer);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteElementString("D", "status", Dav, $"HTTP/1.1 {status}");
        writer.WriteEndElement();
    }

    static void WriteAbsent(XmlWriter writer, XmlQualifiedName[] names)
    {
        writer.WriteStartElement("D", "propstat", Dav);
        writer.WriteStartElement("D", "prop", Dav);
        foreach (var name in names)
        {
            writer.WriteStartElement(name.Name, name.Namespace);
            writer.WriteEndElement();
        }

        writer.WriteEndElement();
        writer.WriteElementString("D", "status", Dav, "HTTP/1.1 404 Not Found");
        writer.WriteEndElement();
    }
}
