import SecurityCore
import Synchronization

/// What the service counts of itself. One lives as long as the process; all threads share it.
///
/// No value of a label comes from a request: routes are the templates of the route table, methods and reasons are closed sets. So
/// nobody can make series by asking, and no name, address or token can get into one.
public final class Metrics: Sendable {
    private struct Request: Hashable {
        let route: String
        let method: String
        /// `1xx` to `5xx`.
        let status: String
    }

    /// What is known beforehand starts at zero, so that the first of its kind is seen as a growth.
    private struct Counts {
        var requests: [Request: Int] = [:]
        var durations: [String: DurationHistogram] = [:]
        var verdicts: [String: Int] = ["granted": 0, "denied": 0, "error": 0]
        var reasons = Dictionary(uniqueKeysWithValues: DenialReason.allCases.map { ($0.rawValue, 0) })
        var reloads: [Bool: Int] = [true: 0, false: 0]
        var isLastReloadGood = true
    }

    private let counts = Mutex(Counts())

    /// Everything at zero.
    public init() {}

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

    /// A method as it may stand in a label or in the log: `other` for one that HTTP does not know.
    public static func name(ofMethod method: String) -> String { methods.contains(method) ? method : "other" }

    /// Counts an answered request. The route is a template (``Site/routeTemplate(of:)``).
    public func countRequest(route: String, method: String, status: Int, seconds: Double) {
        let request = Request(
            route: route, method: Metrics.name(ofMethod: method), status: "\(status / 100)xx")
        counts.withLock { counts in
            counts.requests[request, default: 0] += 1
            counts.durations[route, default: DurationHistogram()].add(seconds)
        }
    }

    /// Counts the decision on a login.
    func countLogin(_ record: AuditRecord) {
        counts.withLock { counts in
            counts.verdicts[record.verdict, default: 0] += 1
            if !record.reason.isEmpty { counts.reasons[record.reason, default: 0] += 1 }
        }
    }

    /// Counts a login that no password made: by a link, or by registering.
    func countGrant() {
        counts.withLock { $0.verdicts["granted", default: 0] += 1 }
    }

    /// Counts an attempt to read the configuration anew.
    public func countReload(isGood: Bool) {
        counts.withLock { counts in
            counts.reloads[isGood, default: 0] += 1
            counts.isLastReloadGood = isGood
        }
    }

    /// What was counted.
    public var families: [MetricFamily] {
        let counts = counts.withLock { $0 }
        return [
            MetricFamily(
                "securityd_build_info", .gauge, "The release; always 1.",
                [.init(1, [.init("version", Release.version)])]),
            requests(counts.requests), durations(counts.durations),
            MetricFamily(
                "securityd_logins_total", .counter, "Decisions on logins by verdict.",
                sorted(counts.verdicts, "verdict")),
            MetricFamily(
                "securityd_login_denials_total", .counter, "Logins that were not granted by reason.",
                sorted(counts.reasons, "reason")),
            MetricFamily(
                "securityd_config_reloads_total", .counter, "Times that SIGHUP had the configuration read anew.",
                [true, false].map { isGood in
                    .init(counts.reloads[isGood] ?? 0, [.init("result", isGood ? "taken" : "refused")])
                }),
            MetricFamily(
                "securityd_config_last_reload_good", .gauge, "0 when the file was wrong at the last SIGHUP, else 1.",
                [.init(counts.isLastReloadGood ? 1 : 0)]),
        ]
    }

    private func sorted(_ counts: [String: Int], _ label: String) -> [MetricFamily.Sample] {
        counts.sorted { $0.key < $1.key }.map { .init($0.value, [.init(label, $0.key)]) }
    }

    private func requests(_ counts: [Request: Int]) -> MetricFamily {
        let rows = counts.sorted { first, second in
            (first.key.route, first.key.method, first.key.status)
                < (second.key.route, second.key.method, second.key.status)
        }
        return MetricFamily(
            "securityd_http_requests_total", .counter, "Answered requests by route, method and class of status.",
            rows.map { request, count in
                .init(
                    count,
                    [.init("route", request.route), .init("method", request.method), .init("status", request.status)])
            })
    }

    private func durations(_ histograms: [String: DurationHistogram]) -> MetricFamily {
        MetricFamily(
            "securityd_http_request_duration_seconds", .histogram,
            "Time from the head of a request to its whole answer, waiting for a thread included.",
            histograms.sorted { $0.key < $1.key }.flatMap { route, histogram in
                histogram.samples([.init("route", route)])
            })
    }
}

/// How long something took, counted in Prometheus' way: each bucket holds what the smaller ones hold, too.
struct DurationHistogram: Sendable {
    /// Upper ends in seconds: from a page to a password that waits in a full queue.
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    /// What fell into each bucket and no smaller one; the last has no end.
    private var counts = [Int](repeating: 0, count: bounds.count + 1)
    private var sum = 0.0

    mutating func add(_ seconds: Double) {
        let index = DurationHistogram.bounds.firstIndex { seconds <= $0 } ?? DurationHistogram.bounds.count
        counts[index] += 1
        sum += seconds
    }

    func samples(_ labels: [MetricFamily.Label]) -> [MetricFamily.Sample] {
        var total = 0
        var samples: [MetricFamily.Sample] = []
        for (index, count) in counts.enumerated() {
            total += count
            let isLast = index == DurationHistogram.bounds.count
            let bound = isLast ? "+Inf" : MetricsText.number(DurationHistogram.bounds[index])
            samples.append(.init(suffix: "_bucket", Double(total), labels + [.init("le", bound)]))
        }
        samples.append(.init(suffix: "_sum", sum, labels))
        samples.append(.init(suffix: "_count", Double(total), labels))
        return samples
    }
}
