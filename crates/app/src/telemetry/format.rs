//! How a log line is written: as JSON for programs or as text for people, with the correlation id on every line.

use std::fmt::{self, Write as _};

use serde_json::{Map, Value};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::Context;
use tracing_subscriber::registry::LookupSpan;

/// The field of a span that names the request, or the background work, that its lines belong to.
const CORRELATION_ID: &str = "correlation_id";
/// What a line of no request is marked with.
const SYSTEM: &str = "system";

/// Fields of a span or an event, by name, ready for JSON.
#[derive(Default)]
struct Fields(Map<String, Value>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0
            .insert(field.name().to_owned(), Value::String(format!("{value:?}")));
    }
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_i64(&mut self, field: &Field, value: i64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_u64(&mut self, field: &Field, value: u64) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_bool(&mut self, field: &Field, value: bool) {
        self.0.insert(field.name().to_owned(), value.into());
    }
    fn record_f64(&mut self, field: &Field, value: f64) {
        // Microseconds are enough of a millisecond, and anything else is read by people.
        self.0.insert(
            field.name().to_owned(),
            ((value * 1_000.0).round() / 1_000.0).into(),
        );
    }
}

/// Remembers the fields of each span, for the lines within it.
pub(super) struct Correlation;

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Correlation {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            span.extensions_mut().insert(fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(fields) = span.extensions_mut().get_mut::<Fields>()
        {
            values.record(fields);
        }
    }
}

/// A line, before it is written: the event's own fields win over those of the spans around it, inner over outer.
struct Line {
    time: String,
    level: Level,
    target: String,
    message: String,
    correlation_id: String,
    span: Option<&'static str>,
    fields: Map<String, Value>,
}

impl Line {
    #[expect(
        clippy::disallowed_methods,
        reason = "a log line's time is the machine's, whatever the use cases' clock says"
    )]
    fn of<S, N>(context: &FmtContext<'_, S, N>, event: &Event<'_>) -> Self
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
        N: for<'a> FormatFields<'a> + 'static,
    {
        let mut own = Fields::default();
        event.record(&mut own);
        let mut fields = Map::new();
        for span in context
            .event_scope()
            .into_iter()
            .flat_map(tracing_subscriber::registry::Scope::from_root)
        {
            if let Some(of_span) = span.extensions().get::<Fields>() {
                fields.extend(of_span.0.clone());
            }
        }
        fields.extend(own.0);
        let mut take = |name: &str| fields.remove(name).map(plain);
        let now = OffsetDateTime::now_utc();
        let now = now.replace_millisecond(now.millisecond()).unwrap_or(now);
        Self {
            time: now.format(&Rfc3339).unwrap_or_default(),
            level: *event.metadata().level(),
            target: event.metadata().target().to_owned(),
            message: take("message").unwrap_or_default(),
            correlation_id: take(CORRELATION_ID).unwrap_or_else(|| SYSTEM.to_owned()),
            span: context.lookup_current().map(|span| span.name()),
            fields,
        }
    }
}

fn plain(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

/// One JSON object a line.
pub(super) struct Json;

impl<S, N> FormatEvent<S, N> for Json
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let line = Line::of(context, event);
        let mut object = Map::new();
        object.insert("timestamp".to_owned(), line.time.into());
        object.insert("level".to_owned(), line.level.as_str().into());
        object.insert(CORRELATION_ID.to_owned(), line.correlation_id.into());
        object.insert("target".to_owned(), line.target.into());
        object.insert("message".to_owned(), line.message.into());
        if let Some(span) = line.span {
            object.insert("span".to_owned(), span.into());
        }
        for (name, value) in line.fields {
            object.entry(name).or_insert(value);
        }
        writeln!(writer, "{}", Value::Object(object))
    }
}

/// A line for people: time, level, correlation id, where, what, and the fields.
pub(super) struct Text;

impl<S, N> FormatEvent<S, N> for Text
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        let line = Line::of(context, event);
        let mut rest = String::new();
        for (name, value) in line.fields {
            write!(rest, " {name}={}", one_line(&plain(value)))?;
        }
        let (time, level, id) = (&line.time, line.level, one_line(&line.correlation_id));
        let (dim, colour, end) = if writer.has_ansi_escapes() {
            ("\u{1b}[2m", colour(level), "\u{1b}[0m")
        } else {
            ("", "", "")
        };
        let (target, message) = (&line.target, one_line(&line.message));
        writeln!(
            writer,
            "{dim}{time}{end} {colour}{level:>5}{end} {dim}{id} {target}{end} {message}{dim}{rest}{end}"
        )
    }
}

const fn colour(level: Level) -> &'static str {
    match level {
        Level::ERROR => "\u{1b}[31m",
        Level::WARN => "\u{1b}[33m",
        Level::INFO => "\u{1b}[32m",
        _ => "\u{1b}[36m",
    }
}

/// A text that stays on its line and commands no terminal, whoever wrote it.
fn one_line(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            if c.is_control() {
                c.escape_default().collect::<Vec<_>>()
            } else {
                vec![c]
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::{Arc, Mutex};

    use super::*;
    use tracing_subscriber::layer::SubscriberExt as _;

    #[derive(Clone, Default)]
    struct Sink(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Sink {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(bytes);
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(text: bool, work: impl FnOnce()) -> String {
        let sink = Sink::default();
        let writer = sink.clone();
        let layer = super::super::layer(move || writer.clone(), text, false);
        tracing::subscriber::with_default(tracing_subscriber::registry().with(Correlation).with(layer), work);
        let bytes = sink.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn every_line_within_a_request_has_its_correlation_id() {
        let lines = logged(false, || {
            tracing::info!("outside");
            let request = tracing::info_span!("http.request", correlation_id = "r-1", method = "GET");
            request.in_scope(|| {
                let turn = tracing::info_span!("turn.run", turn.id = 7);
                turn.in_scope(|| tracing::warn!(duration_ms = 1.23456, "inside"));
            });
        });
        let lines: Vec<Value> = lines
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(lines[0]["correlation_id"], "system");
        assert_eq!(lines[1]["correlation_id"], "r-1");
        assert_eq!(lines[1]["message"], "inside");
        assert_eq!(lines[1]["method"], "GET");
        assert_eq!(lines[1]["turn.id"], 7);
        assert_eq!(lines[1]["duration_ms"], 1.235);
        assert_eq!(lines[1]["span"], "turn.run");
        assert_eq!(lines[1]["level"], "WARN");
    }

    #[test]
    fn a_text_line_cannot_be_broken_or_coloured_by_what_it_tells() {
        let lines = logged(true, || tracing::info!(name = "a\nb\u{1b}[31m", "hello"));
        assert_eq!(lines.lines().count(), 1);
        assert!(lines.contains("INFO system"), "{lines}");
        assert!(!lines.contains('\u{1b}'), "{lines}");
    }
}
