import Testing

@testable import SecurityHTTP

@Suite struct MetricsTests {
    private func samples(_ metrics: Metrics, _ name: String) -> [String] {
        MetricsText.render(metrics.families).split(separator: "\n").filter { $0.hasPrefix(name) }.map { String($0) }
    }

    @Test func `a text has a help, a type and a line for each series`() {
        let family = MetricFamily(
            "a_total", .counter, "What is\ncounted\\.", [.init(1), .init(2.5, [.init("b", "c"), .init("d", "")])])
        #expect(
            MetricsText.render([family])
                == "# HELP a_total What is\\ncounted\\\\.\n# TYPE a_total counter\na_total 1\na_total{b=\"c\",d=\"\"} 2.5\n"
        )
    }

    @Test func `a metric without series is left out`() {
        #expect(MetricsText.render([MetricFamily("a", .gauge, "Help.", [])]) == "")
    }

    @Test func `a label cannot break out of its quotes`() {
        let family = MetricFamily("a", .gauge, "Help.", [.init(1, [.init("b", "\"} 2\n# \\")])])
        #expect(MetricsText.render([family]).hasSuffix("\na{b=\"\\\"} 2\\n# \\\\\"} 1\n"))
    }

    @Test(arguments: [
        (0.0, "0"), (-3, "-3"), (0.0025, "0.0025"), (1e300, "1e+300"), (.infinity, "+Inf"), (-.infinity, "-Inf"),
        (.nan, "NaN"),
    ])
    func `a number is written as Prometheus reads it`(_ value: Double, _ text: String) {
        #expect(MetricsText.number(value) == text)
    }

    @Test func `requests that differ in a label are counted apart`() {
        let metrics = Metrics()
        for status in [200, 204, 404] { metrics.countRequest(route: "/a", method: "GET", status: status, seconds: 0) }
        metrics.countRequest(route: "/a", method: "POST", status: 200, seconds: 0)
        #expect(
            samples(metrics, "securityd_http_requests_total") == [
                "securityd_http_requests_total{route=\"/a\",method=\"GET\",status=\"2xx\"} 2",
                "securityd_http_requests_total{route=\"/a\",method=\"GET\",status=\"4xx\"} 1",
                "securityd_http_requests_total{route=\"/a\",method=\"POST\",status=\"2xx\"} 1",
            ])
    }

    @Test func `methods that nobody knows share one series`() {
        let metrics = Metrics()
        for method in ["BREW", "get", "X\"Y"] {
            metrics.countRequest(route: "/a", method: method, status: 405, seconds: 0)
        }
        #expect(
            samples(metrics, "securityd_http_requests_total")
                == ["securityd_http_requests_total{route=\"/a\",method=\"other\",status=\"4xx\"} 3"])
    }

    @Test func `a bucket holds what the smaller ones hold, and its upper end`() {
        var histogram = DurationHistogram()
        for seconds in [0.001, 0.0011, 0.3, 99] { histogram.add(seconds) }
        let samples = histogram.samples([])
        let buckets = samples.filter { $0.suffix == "_bucket" }
        #expect(buckets.map { $0.value } == [1, 2, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 4])
        #expect(buckets.last?.labels == [.init("le", "+Inf")])
        #expect(samples.first { $0.suffix == "_count" }?.value == 4)
        #expect(samples.first { $0.suffix == "_sum" }?.value == 0.001 + 0.0011 + 0.3 + 99)
    }

    @Test func `the last reload is remembered`() {
        let metrics = Metrics()
        #expect(samples(metrics, "securityd_config_last_reload_good") == ["securityd_config_last_reload_good 1"])
        metrics.countReload(isGood: false)
        #expect(samples(metrics, "securityd_config_last_reload_good") == ["securityd_config_last_reload_good 0"])
        metrics.countReload(isGood: true)
        #expect(samples(metrics, "securityd_config_last_reload_good") == ["securityd_config_last_reload_good 1"])
        #expect(
            samples(metrics, "securityd_config_reloads_total") == [
                "securityd_config_reloads_total{result=\"taken\"} 1",
                "securityd_config_reloads_total{result=\"refused\"} 1",
            ])
    }
}
