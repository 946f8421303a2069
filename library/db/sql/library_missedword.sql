-- Words that found nothing on five different days or more. No other word can be read here.
CREATE OR REPLACE VIEW library_missedword AS
    SELECT word, count(DISTINCT day)::smallint AS days, max(day) AS last_day FROM library_missedday
    WHERE word IS NOT NULL GROUP BY word HAVING count(DISTINCT day) >= 5;
