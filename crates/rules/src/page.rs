//! The page of a rule: what `explain` prints, the manual is made of, and a test runs.
//!
//! A page is Markdown. Its title is the rule's id, its first paragraph (one line) the summary. Under `## Example` stand
//! fenced blocks, each with a `title="path"`: files of a small project. A line that ends in a comment `error` is one that
//! this rule must name, and no other rule may say anything. Under `## Instead` stand blocks about which no rule may say
//! anything. A `### ` heading inside either section starts another project. Files that a page does not give are a plain
//! `dbt_project.yml` and a `profiles.yml` that is right for every format.

/// The summary: the first line after the title. Evaluated when the program is compiled.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which refuses an index out of bounds"
)]
pub(crate) const fn summary(page: &'static str) -> &'static str {
    let bytes = page.as_bytes();
    let mut start = 0;
    // Past the title and blank lines.
    while start < bytes.len() && bytes[start] != b'\n' {
        start += 1;
    }
    while start < bytes.len() && bytes[start] == b'\n' {
        start += 1;
    }
    let mut end = start;
    while end < bytes.len() && bytes[end] != b'\n' {
        end += 1;
    }
    let (_, rest) = page.split_at(start);
    let (line, _) = rest.split_at(end - start);
    line
}

/// A project given by a section of a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageProject {
    /// Whether it stands under `## Example`; else under `## Instead`.
    pub faulty: bool,
    /// The heading it stands under.
    pub title: String,
    /// Its files.
    pub files: Vec<PageFile>,
    /// The line of the page, from 1, on which its first block starts.
    pub line: usize,
}

/// A file of a page's project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageFile {
    /// Its path in the project.
    pub path: String,
    /// Its text, marks removed.
    pub text: String,
    /// Lines, from 1, that the rule must name.
    pub marked: Vec<u32>,
}

/// The projects of a page.
pub fn projects(page: &str) -> Vec<PageProject> {
    let mut projects: Vec<PageProject> = Vec::new();
    let mut section: Option<bool> = None;
    let mut title = String::new();
    let mut fresh = true;
    let mut lines = page.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = match heading.trim() {
                "Example" => Some(true),
                "Instead" => Some(false),
                _ => None,
            };
            heading.trim().clone_into(&mut title);
            fresh = true;
        } else if let Some(heading) = line.strip_prefix("### ") {
            heading.trim().clone_into(&mut title);
            fresh = true;
        } else if let Some(info) = line.strip_prefix("```") {
            let block: Vec<&str> = lines
                .by_ref()
                .map(|(_, line)| line)
                .take_while(|line| *line != "```")
                .collect();
            let (Some(faulty), Some(path)) = (section, attribute(info, "title")) else {
                continue;
            };
            if fresh {
                projects.push(PageProject {
                    faulty,
                    title: title.clone(),
                    files: Vec::new(),
                    line: number + 1,
                });
                fresh = false;
            }
            if let Some(project) = projects.last_mut() {
                project.files.push(file(path, &block));
            }
        }
    }
    projects
}

fn attribute<'a>(info: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = info.split_once(&format!("{name}=\""))?;
    rest.split_once('"').map(|(value, _)| value)
}

fn file(path: &str, block: &[&str]) -> PageFile {
    let mut text = String::new();
    let mut marked = Vec::new();
    for (number, line) in block.iter().enumerate() {
        let bare = ["-- error", "# error", "{# error #}"]
            .iter()
            .find_map(|mark| line.trim_end().strip_suffix(mark))
            .map(str::trim_end);
        if bare.is_some() {
            marked.push(u32::try_from(number + 1).unwrap_or(u32::MAX));
        }
        text.push_str(bare.unwrap_or(line));
        text.push('\n');
    }
    PageFile {
        path: path.to_owned(),
        text,
        marked,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_gives_projects() {
        let page = "# an-id\n\nWhat it is.\n\n## Example\n```sql title=\"models/a.sql\"\nselect 1 -- error\n```\n\
                    text\n```yaml title=\"models/s.yml\"\nversion: 2\n```\n### Another\n```sql title=\"models/b.sql\"\n\
                    select 2\n```\n## Instead\n```sql title=\"models/a.sql\"\nselect 3\n```\n## Source\n```sql\nx\n```\n";
        let found = projects(page);
        assert_eq!(found.len(), 3);
        assert_eq!(found[0].files.len(), 2);
        assert_eq!(found[0].files[0].marked, [1]);
        assert_eq!(found[0].files[0].text, "select 1\n");
        assert_eq!((found[1].faulty, found[1].title.as_str()), (true, "Another"));
        assert!(!found[2].faulty);
    }
}
