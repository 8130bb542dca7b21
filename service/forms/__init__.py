"""Forms: reads form-js schemas, draws them up for a page, and checks what comes back.

A form is form-js JSON as Camunda Modeler and bpmn.io write it, of any schema version, for "Camunda
Platform", "Camunda Cloud" or neither. A component of another type than these is refused at deploy, by its
type, name and id.

- `textfield` one line of text, `textarea` text: `validate` with `required`, `minLength`, `maxLength`,
  `pattern`, `patternErrorMessage`, `validationType` (`email`, `phone`)
- `number` a number, or text with `serializeToString`: `validate.min`, `validate.max`, `decimalDigits`,
  `increment`
- `datetime` a date, time or date-time: `subtype` (`date`, `time`, `datetime`), `dateLabel`, `timeLabel`,
  `disallowPassedDates`, `timeSerializingFormat`
- `checkbox` true or false; `required` asks for true
- `radio`, `select` one option's value: `values`, `valuesKey` or `valuesExpression`
- `checklist`, `taglist` a list of options' values: the same; both are drawn as boxes to tick
- `filepicker` a list of documents: `accept`, `multiple`
- `expression` what its FEEL gives: `expression`, `computeOn` (`presubmit`: once, when it is sent; else
  whenever something changes)
- `group` its components, under `path` if it has one: `showOutline`
- `dynamiclist` a list of objects, under `path`: `allowAddRemove`, `defaultRepetitions`, `isRepeating`,
  `showOutline`; 200 rows
- `text` shows `text`: Markdown without HTML; links lead to http, https and mailto
- `html` shows `content`, cleaned of scripts, styles, forms, frames and foreign images
- `image` shows `source`, from this site or a `data:` address; else its `alt`
- `table` shows `dataSource` under `columns` or `columnsExpression`, in the data's order; 500 rows
- `iframe` is drawn as a link to its `url` that opens in a new tab; https only
- `documentPreview` is drawn as links to the documents of its `dataSource`
- `separator`, `spacer`; `button` is not drawn, for the page has its own

Every component: `conditional.hide` (FEEL; what is hidden is neither checked nor written), `layout.row`
and `layout.columns` (sixteenths; side by side on a wide screen). Every field: `key` (dots make objects),
`label`, `description`, `defaultValue`, `validate.required`, `readonly` (true or FEEL), `disabled`,
`appearance.prefixAdorner` and `suffixAdorner`. A limit may be FEEL behind `=`; `label`, `description`,
`text`, `content`, `source`, `alt`, `url`, `accept` and the adorners may also hold `{{templates}}`. In a
list's row `this` is the row, `parent` what is around the list, and `i` the numbers of the rows. FEEL sees
dates as dates.

Not taken over: pages and sorting of a table, collapsed lists, the height of spacers and frames, the
interval of time pickers, `searchable`, `use24h`, `verticalAlignment`.

A document's value is `{"id", "name", "type", "size"}` (`size` in bytes), of a document that the person has
sent for this form or that the case has in this field already.
"""

from service.forms.check import check
from service.forms.kinds import SentFile
from service.forms.nodes import FormView
from service.forms.posted import file_field, lost, posted
from service.forms.read import read
from service.forms.schema import Form
from service.forms.view import view

__all__ = ["Form", "FormView", "SentFile", "check", "file_field", "lost", "posted", "read", "view"]
