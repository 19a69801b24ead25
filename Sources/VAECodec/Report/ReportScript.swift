/// The script of a page: it lays each picture over its reference, moves the border between them, and sorts
/// the table. Without it the pictures stand beside each other and the worst come first.
enum ReportScript {
  static let text = #"""

    document.documentElement.classList.add('js');
    addEventListener('input', e => e.target.closest('.pair')?.style.setProperty('--v', e.target.value / 100));
    addEventListener('click', e => {
      const head = e.target.closest('thead button')?.parentNode;
      if (!head) return;
      const index = head.cellIndex, body = head.closest('table').tBodies[0];
      const other = {ascending: 'descending', descending: 'ascending'};
      const order = head.ariaSort ? other[head.ariaSort] : head.dataset.first;
      const sign = order === 'ascending' ? 1 : -1;
      const value = row => index ? parseFloat(row.cells[index].dataset.v ?? NaN) : row.cells[0].textContent;
      const compare = (a, b) => index
        ? isNaN(a) - isNaN(b) || (a === b || isNaN(a) ? 0 : sign * (a < b ? -1 : 1))
        : sign * a.localeCompare(b, undefined, {numeric: true});
      for (const cell of head.parentNode.cells) cell.removeAttribute('aria-sort');
      head.setAttribute('aria-sort', order);
      body.append(...[...body.rows].sort((a, b) => compare(value(a), value(b))));
    });

    """#
}
