import HTTPTypes
import HummingbirdCore
import NIOCore
import SecurityHTTP

/// Answers `GET /metrics`, and nothing else.
struct MetricsResponder: HTTPAnswering {
    let holder: SiteHolder
    let pools: WorkerPools
    let process: ProcessFigures

    func answer(_ request: Request, over channel: any Channel, isTLS: Bool, id: String) async throws -> Response {
        guard request.uri.path == "/metrics" else { return MetricsResponder.plain("Not Found\n", .notFound) }
        guard request.method == .get || request.method == .head else {
            var response = MetricsResponder.plain("Method Not Allowed\n", .methodNotAllowed)
            response.headers[.allow] = "GET, HEAD"
            return response
        }
        var response = MetricsResponder.plain(await text(), .ok)
        response.headers[.contentType] = MetricsText.mediaType
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// When the pool is full, what stands in the database is left out: the rest is wanted most just then.
    private func text() async -> String {
        let site = holder.site
        let database = await pools.run(.light) { site.databaseFamilies }
        return MetricsText.render(
            holder.metrics.families + pools.families + (database ?? []) + process.families)
    }

    private static func plain(_ text: String, _ status: HTTPResponse.Status) -> Response {
        var headers = HTTPFields()
        headers[.contentType] = "text/plain; charset=utf-8"
        headers[.cacheControl] = "no-store"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}
