/// One metric with its series, in Prometheus' terms.
public struct MetricFamily: Equatable, Sendable {
    /// What its values mean.
    public enum Kind: String, Sendable {
        /// Only grows, from 0 at the start of the process.
        case counter
        /// Goes up and down.
        case gauge
        /// Counts in buckets.
        case histogram
    }

    /// One series and its value.
    public struct Sample: Equatable, Sendable {
        /// What follows the family's name: `_bucket`, `_sum`, `_count`; "" for counters and gauges.
        var suffix = ""
        /// Names and values of the labels, in their order. Values come from closed sets or the configuration, never from a request.
        var labels: [Label]
        /// The value.
        var value: Double

        /// A sample of its parts.
        public init(_ value: Double, _ labels: [Label] = []) {
            self.labels = labels
            self.value = value
        }

        /// A sample that counts.
        public init(_ value: Int, _ labels: [Label] = []) {
            self.init(Double(value), labels)
        }

        init(suffix: String, _ value: Double, _ labels: [Label]) {
            self.init(value, labels)
            self.suffix = suffix
        }
    }

    /// A label.
    public struct Label: Equatable, Sendable {
        let name: String
        let value: String

        /// A label of its parts.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    let name: String
    let kind: Kind
    let help: String
    /// The series; their order is the order of the text.
    public var samples: [Sample]

    /// A metric of its parts. The help is one line.
    public init(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        self.name = name
        self.kind = kind
        self.help = help
        self.samples = samples
    }
}

/// Prometheus' text format 0.0.4.
public enum MetricsText {
    /// The media type of the text.
    public static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text of metrics.
    public static func render(_ families: [MetricFamily]) -> String {
        var text = ""
        for family in families where !family.samples.isEmpty {
            text += "# HELP \(family.name) \(escaped(family.help))\n# TYPE \(family.name) \(family.kind.rawValue)\n"
            for sample in family.samples {
                text += family.name + sample.suffix + labels(sample.labels) + " " + number(sample.value) + "\n"
            }
        }
        return text
    }

    private static func labels(_ labels: [MetricFamily.Label]) -> String {
        if labels.isEmpty { return "" }
        return "{" + labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",") + "}"
    }

    /// A whole number without a point; others in the shortest form that reads back.
    static func number(_ value: Double) -> String {
        if let whole = Int64(exactly: value) { return String(whole) }
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        return "\(value)"
    }

    private static func escaped(_ text: String, quotes: Bool = false) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
    }
}
