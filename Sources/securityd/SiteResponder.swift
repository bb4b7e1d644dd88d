import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import SecurityCore
import SecurityHTTP

/// What Hummingbird keeps of a connection for a request.
struct ConnectionContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The peer's address; nil for a Unix socket.
    let peer: String?

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }
}

/// Hands requests to the site, on the threads of its pools, and its answers back.
struct SiteResponder: HTTPResponder {
    let holder: SiteHolder
    let pools: WorkerPools
    let logger: Logger

    func respond(to request: Request, context: ConnectionContext) async throws -> Response {
        let started = ContinuousClock.now
        let site = holder.site
        let headers = SiteResponder.headers(of: request)
        let lane = site.lane(method: request.method.rawValue, path: request.uri.path, headers: headers)
        let answer: WebResponse
        do {
            let body = try await SiteResponder.body(of: request, limit: holder.limits.bodyBytes)
            let id = context.id
            let isTLS = holder.limits.isTLS
            let method = request.method.rawValue
            let target = request.head.path ?? "/"
            let peer = context.peer
            let result = try await pools.run(lane) {
                site.respond(
                    to: WebRequest(
                        method: method, target: target, headers: headers,
                        body: SharedSecret(Secret(copying: body.span)),
                        peer: peer, isTLS: isTLS, id: id))
            }
            answer = result ?? SiteResponder.tooBusy
        } catch is NIOTooManyBytesError {
            answer = .text("Content Too Large\n", status: 413)
        }
        logger.info(
            "request",
            metadata: [
                "id": "\(context.id)", "method": "\(request.method)", "path": "\(request.uri.path)",
                "status": "\(answer.status)", "ms": "\((ContinuousClock.now - started) / .milliseconds(1))",
            ])
        return SiteResponder.response(answer, id: context.id)
    }

    private static var tooBusy: WebResponse {
        var answer = WebResponse.text("Service Unavailable: too many requests at once\n", status: 503)
        answer.headers.append(HeaderField("Retry-After", "2"))
        return answer
    }

    /// With the authority as the Host field that it is in HTTP/1.
    private static func headers(of request: Request) -> [HeaderField] {
        var headers = request.headers.map { HeaderField($0.name.canonicalName, $0.value) }
        if let host = request.head.authority { headers.append(HeaderField("host", host)) }
        return headers
    }

    private static func body(of request: Request, limit: Int) async throws -> [UInt8] {
        let buffer = try await request.body.collect(upTo: limit)
        return Array(buffer.readableBytesView)
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
