import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SecurityCore
import SecurityHTTP

/// Hands requests to the site, on the threads of its pools, and its answers back.
struct SiteResponder: HTTPAnswering {
    let holder: SiteHolder
    let pools: WorkerPools
    let metrics: Metrics
    let logger: Logger

    func answer(_ request: Request, over channel: any Channel, isTLS: Bool, id: String) async throws -> Response {
        let started = ContinuousClock.now
        let (site, limits) = holder.current
        let headers = SiteResponder.headers(of: request)
        let lane = site.lane(method: request.method.rawValue, path: request.uri.path, headers: headers)
        let answer: WebResponse
        do {
            let web = WebRequest(
                method: request.method.rawValue, target: request.head.path ?? "/", headers: headers,
                body: try await SiteResponder.body(of: request, limit: limits.bodyBytes),
                peer: channel.remoteAddress?.ipAddress, isTLS: isTLS, id: id)
            if let prompt = site.respondAtOnce(to: web) {
                answer = prompt
            } else {
                answer = try await pools.run(lane) { site.respond(to: web) } ?? SiteResponder.tooBusy
            }
        } catch is NIOTooManyBytesError {
            answer = SiteResponder.tooLong
        }
        let duration = (ContinuousClock.now - started) / .milliseconds(1)
        metrics.countRequest(
            route: site.routeTemplate(of: request.uri.path), method: request.method.rawValue, status: answer.status,
            seconds: duration / 1000)
        logger.info(
            "request",
            metadata: [
                "id": "\(id)", "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(answer.status)", "ms": "\(duration)",
            ])
        return SiteResponder.response(answer, id: id)
    }

    private static var tooBusy: WebResponse {
        var answer = WebResponse.text("Service Unavailable: too many requests at once\n", status: 503)
        answer.headers.append(HeaderField("Retry-After", "2"))
        return answer
    }

    /// What was not read cannot be skipped, so nothing else comes over this connection.
    private static var tooLong: WebResponse {
        var answer = WebResponse.text("Content Too Large\n", status: 413)
        answer.headers.append(HeaderField("Connection", "close"))
        return answer
    }

    /// With the authority as the Host field that it is in HTTP/1.
    private static func headers(of request: Request) -> [HeaderField] {
        var headers = request.headers.map { HeaderField($0.name.canonicalName, $0.value) }
        if let host = request.head.authority { headers.append(HeaderField("host", host)) }
        return headers
    }

    /// Kept in wiped memory from the buffers on, which are not ours: it may hold a password.
    private static func body(of request: Request, limit: Int) async throws -> SharedSecret {
        if let declared = request.headers[.contentLength].flatMap({ Int($0) }), declared > limit {
            throw NIOTooManyBytesError(maxBytes: limit)
        }
        var body = SecretBuilder(capacity: 1024)
        for try await part in request.body {
            guard body.count + part.readableBytes <= limit else { throw NIOTooManyBytesError(maxBytes: limit) }
            for byte in part.readableBytesView { body.append(byte) }
        }
        return SharedSecret(body.finish())
    }

    private static func response(_ answer: WebResponse, id: String) -> Response {
        var headers = HTTPFields()
        for field in answer.headers {
            guard let name = HTTPField.Name(field.name) else { continue }
            headers.append(HTTPField(name: name, value: field.value))
        }
        if let name = HTTPField.Name("X-Request-Id") { headers.append(HTTPField(name: name, value: id)) }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}
